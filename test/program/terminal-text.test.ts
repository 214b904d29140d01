import { describe, expect, it } from "vitest";
import { place } from "./place.ts";
import { noTerminal, onTerminal } from "./terminal.ts";

/** Names and texts of a repository are shown, and never acted on by a terminal. */

const FILE = "crqs/CRQ-001-a\u001b]0;owned\u0007\u202e.md";
const SHOWN = "crqs/CRQ-001-a<U+001B>]0;owned<U+0007><U+202E>.md";

async function hostile() {
  const at = await place();
  const repo = await at.repository({ [FILE]: "# CRQ-001: A \u001b[2Jtitle\n" });
  return { at, repo };
}

describe("names of a repository", () => {
  it("reach stderr without what a terminal acts on", async () => {
    const { at, repo } = await hostile();
    const refused = await at.run(["apply", "1", "--yes", "--repo", repo]);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(SHOWN);
    expect(refused.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/u);
  });

  it.skipIf(noTerminal !== undefined)("reach a terminal without it, too", async () => {
    const { at, repo } = await hostile();
    const { screen } = await onTerminal(at, ["lint", "--repo", repo], []);
    expect(screen).toContain(`${SHOWN}:1:1`);
    expect(screen.replaceAll("\r\n", "\n")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/u);
  });
});
