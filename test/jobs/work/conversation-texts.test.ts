import { describe, expect, it } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import { openPrompts } from "../../../src/jobs/prompts.ts";
import { openingText } from "../../../src/jobs/work/conversation-texts.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";

const place = { prompts: openPrompts(PACKAGE_ROOT), nix: { system: "x86_64-linux" } };
const BASELINE = { checks: [] };

const opening = (source: string, said: { readonly task?: string; readonly announce?: readonly string[] } = {}) =>
  openingText(
    {
      place,
      crq: parseCrq("crqs/CRQ-001-x.md", source),
      crqPath: "crqs/CRQ-001-x.md",
      workspace: { base: "0123456789abcdef0123456789abcdef01234567", uncommitted: ["notes.txt"] },
      announce: said.announce ?? [],
      task: said.task,
    },
    BASELINE,
  );

const block = (status: string): string => `# CRQ-001: X

\`\`\`toml crq
schema = "crq/1"
id = "CRQ-001"
title = "Repair of x"
status = "${status}"
kind = "docs"
created = 2026-01-01
authors = ["human:pat"]
branch = "feature/CRQ-001-x"
\`\`\`
`;

describe("the first message of a change", () => {
  it("sets the person's words, what the world announces and what is not committed apart by blank lines", async () => {
    const text = await opening(block("approved"), {
      task: "Say welcome",
      announce: ["No network here.", "crates are vendored."],
    });
    expect(text).toContain(`The starting point is commit 0123456789ab.

The person's own words: Say welcome

No network here.

crates are vendored.

Not committed in the person's checkout, so not here: notes.txt.

At the starting point the criteria stand like this:`);
  });

  it("says of a request that nobody has approved yet why it binds, and of an approved one nothing", async () => {
    expect(await opening(block("draft"))).toContain("This CRQ was written for this run and is binding as it stands");
    expect(await opening(block("approved"))).not.toContain("was written for this run");
  });
});
