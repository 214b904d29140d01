import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { noNix, SAY_WELCOME, script } from "../samples.ts";
import { noTerminal, onTerminal, type TerminalRun } from "../terminal.ts";
import { noteWithCrq, statusOf } from "./change.ts";

/** How a terminal is left: by a signal in the middle of a prompt, by a pager, and one that is too narrow for menus. */

const NARROW = { columns: 30, rows: 40 };
const HIDE = "\u001b[?25l";
const SHOW = "\u001b[?25h";

/** Whoever types next sees what they type, line by line, with a cursor, and Ctrl-C works. */
function expectRestored({ screen, left }: TerminalRun): void {
  for (const setting of ["icanon", "echo", "isig"]) expect(left).toMatch(new RegExp(`(?<!-)\\b${setting}\\b`, "u"));
  expect(screen.lastIndexOf(HIDE)).toBeLessThanOrEqual(screen.lastIndexOf(SHOW));
}

describe.skipIf(noTerminal !== undefined)("a terminal that is left", { timeout: 600_000 }, () => {
  const asks = (part: string): RegExp => new RegExp(`Accept this\\? \\(${part}[\\s\\S]*confirm`, "u");
  const parts = ["Scope", "AC-1", "AC-2"].map((part) => ({ when: asks(part), type: "\r" }));

  it("is as it was after SIGTERM in a menu and in a line, and nothing is approved", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const before = await fingerprint(repo);
    for (const typed of [
      [{ when: asks("Scope"), kill: "SIGTERM" as const }],
      [...parts, { when: /Approve this\? \[y\/N\]/u, kill: "SIGTERM" as const }],
    ]) {
      const ended = await onTerminal(at, ["approve", "1", "--repo", repo], typed);
      expect(ended.exit, ended.screen).toBe(130);
      expect(ended.screen).toMatch(/Stopping: nothing is approved\./u);
      expectRestored(ended);
    }
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it.skipIf(noNix !== undefined)(
    "is as it was after SIGTERM at a proposal, and the session says how it goes on, and does",
    async () => {
      const at = await place();
      const repo = await noteWithCrq(at);
      const model = join(at.folder, "model.json");
      // What was asked about and not answered counts as not made, so the model proposes it again.
      await writeFile(model, script(...SAY_WELCOME.slice(0, 1), ...SAY_WELCOME));
      const approved = [...parts, { when: /Approve this and apply it\? \[y\/N\]/u, type: "y\n" }];
      const proposal = /--- flake\.nix[\s\S]*May this proposal count\?/u;
      const apply = ["apply", "1", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`, "--approve", "ask"];
      const ended = await onTerminal(at, apply, [...approved, { when: proposal, kill: "SIGTERM" }]);
      expect(ended.exit, ended.screen).toBe(130);
      expect(ended.screen).toMatch(/Stopping: the running step ends, then the session is closed and can be resumed\./u);
      expectRestored(ended);
      const [, session = ""] = /crq-agent sessions resume (\S+)/u.exec(ended.screen) ?? [];
      const resumed = await onTerminal(
        at,
        ["sessions", "resume", session, "--repo", repo, "--world", at.world],
        [
          { when: proposal, type: "\r" },
          { when: /How do you want the change\?/u, type: "\r" },
        ],
      );
      expect(resumed.exit, resumed.screen).toBe(0);
    },
  );

  it("of 30 columns is given numbers in place of menus, asks again after a slip, and is left with nothing typed", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const approve = ["approve", "1", "--repo", repo];
    const number = (part: string, ...typed: readonly string[]) =>
      typed.map((type) => ({ when: new RegExp(`Accept this\\? \\(${part}[^[]*\\[1-\\d\\]`, "u"), type }));
    const left = await onTerminal(at, approve, [...number("Scope", "1\n"), ...number("AC-1", "\n")], {}, NARROW);
    expect(left.exit, left.screen).toBe(5);
    const yes = await onTerminal(
      at,
      approve,
      [
        ...number("Scope", "7\n", "yes\n", "1\n"),
        ...number("AC-1", "1\n"),
        ...number("AC-2", "1\n"),
        { when: /Approve this\? \[y\/N\]/u, type: "y\n" },
      ],
      {},
      NARROW,
    );
    expect(yes.exit, yes.screen).toBe(0);
    // No menu was drawn.
    expect(yes.screen).not.toContain(HIDE);
    expect(await statusOf(at, repo)).toMatchObject({ state: "approved" });
  });

  it("shows a long text in the person's pager, which has the keys, and is as it was afterwards", async () => {
    const at = await place();
    const small = { columns: 80, rows: 12 };
    // With a prompt of its own, that it may be known from the text.
    const pager = { PAGER: "less -RX -Ps<more>?e<end>.", LESS: "" };
    const quit = await onTerminal(at, ["help", "criteria"], [{ when: /<more>/u, type: "q" }], pager, small);
    expect(quit.exit, quit.screen).toBe(0);
    expectRestored(quit);
    const keys = [
      { when: /<more>/u, type: "\u0003" },
      { when: /<more>/u, type: "G" },
      { when: /<end>/u, type: "q" },
    ];
    const searched = await onTerminal(at, ["help", "criteria"], keys, pager, small);
    expect(searched.exit, searched.screen).toBe(0);
    expect(searched.screen).not.toContain("Stopping");
    expectRestored(searched);
    const killed = await onTerminal(at, ["help", "criteria"], [{ when: /<more>/u, kill: "SIGTERM" }], pager, small);
    expectRestored(killed);
    // Without a pager, and with one that is not there, the text itself comes.
    for (const PAGER of ["", "no-such-pager"]) {
      const plain = await onTerminal(at, ["help", "criteria"], [], { PAGER }, small);
      expect(plain.exit, plain.screen).toBe(0);
      expect(plain.screen.trim().split("\n").length).toBeGreaterThan(small.rows);
    }
  });
});
