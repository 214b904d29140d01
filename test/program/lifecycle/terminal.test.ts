import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { giveUp, NOTE_CRITERIA, noNix, noteFlake, propose, SAY_WELCOME, script } from "../samples.ts";
import { noTerminal, onTerminal } from "../terminal.ts";
import { CRQ, noteWithCrq, stateOf, statusOf } from "./change.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const DOWN = "\u001b[B";

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** What only a person at a terminal is asked, on a real pseudo-terminal. */

describe.skipIf(noTerminal !== undefined)("a person at a terminal", { timeout: 600_000 }, () => {
  // An answered prompt is drawn once more; each part is waited for by its own name.
  const asks = (part: string): RegExp => new RegExp(`Accept this\\? \\(${part}[\\s\\S]*confirm`, "u");
  const scope = { when: asks("Scope"), type: "\r" };
  const first = { when: asks("AC-1"), type: "\r" };
  const second = { when: asks("AC-2"), type: "\r" };
  const parts = [scope, first, second];

  it("accepts scope and each criterion before an approval, and leaves at any of them without a change", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const before = await fingerprint(repo);
    const approve = ["approve", "1", "--repo", repo];
    const whole = (type: string) => [...parts, { when: /Approve this\? \[y\/N\]/u, type }];
    for (const { typed, exit, never } of [
      { typed: [{ ...scope, type: CTRL_C }], exit: 130, never: /Accept this\? \(AC-1/u },
      { typed: [scope, { ...first, type: `${DOWN}\r` }], exit: 5, never: /Accept this\? \(AC-2/u },
      { typed: [scope, { ...first, type: CTRL_D }], exit: 5, never: /Accept this\? \(AC-2/u },
      { typed: [scope, first, { ...second, type: CTRL_C }], exit: 130, never: /Approve this\?/u },
      ...["\n", "n\n", CTRL_D].map((no) => ({ typed: whole(no), exit: 5, never: /is now approved/u })),
      { typed: whole(CTRL_C), exit: 130, never: /is now approved/u },
    ]) {
      const refused = await onTerminal(at, approve, typed);
      expect(refused.exit, refused.screen).toBe(exit);
      expect(refused.screen).not.toMatch(never);
    }
    const pipeline = await onTerminal(at, approve, [], { CI: "true" });
    expect(pipeline.exit, pipeline.screen).toBe(5);
    expect(pipeline.screen).not.toContain("Accept this?");
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    const yes = await onTerminal(at, approve, [...parts, { when: /Approve this\? \[y\/N\]/u, type: "y\n" }]);
    expect(yes.exit, yes.screen).toBe(0);
    expect(yes.screen).toMatch(/Scope[\s\S]*flake\.nix[\s\S]*AC-1[\s\S]*equals = "welcome"[\s\S]*Hash sha256:[0-9a-f]{64}/u);
    expect(await statusOf(at, repo)).toMatchObject({
      state: "approved",
      unattended: false,
      approval: { by: "human:Pat Person", via: "approve", state: "valid" },
    });
  });

  it("without a name in git approves nothing", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await writeFile(join(at.home, ".gitconfig"), "");
    const nobody = await onTerminal(at, ["approve", "1", "--repo", repo], []);
    expect(nobody).toMatchObject({ exit: 2, screen: expect.stringMatching(/git does not know who you are/u) });
  });

  it.skipIf(noNix !== undefined)("is asked by apply, which records it, and takes the question of the model at once", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const model = join(at.folder, "model.json");
    await writeFile(model, script({ call: [giveUp("criterion-wrong", "AC-1 wants what nobody says.")] }));
    const asked = await onTerminal(
      at,
      ["apply", "1", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`],
      [
        ...parts,
        { when: /Approve this and apply it\? \[y\/N\]/u, type: "y\n" },
        { when: /Write this question into crqs\/CRQ-001-say-welcome\.md and set it back to proposed\? \[y\/N\]/u, type: "y\n" },
      ],
    );
    expect(asked.exit, asked.screen).toBe(5);
    expect(asked.screen).toMatch(/is proposed again and asks Q-1:/u);
    expect(await stateOf(at, repo)).toBe("proposed");
    expect(await statusOf(at, repo)).toMatchObject({ openQuestions: ["Q-1"] });
    const header = (await at.journal()).find((event) => event.type === "session");
    expect(String(header?.request.source)).toMatch(/^approval = \{ by = "human:Pat Person", at = .*, via = "prompt", hash = /mu);
    expect(await readFile(join(repo, CRQ), "utf8")).not.toMatch(/^approval = /mu);
  });

  it("answers open questions into the document, and one that is left stays open", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const file = join(repo, CRQ);
    const text = `${(await readFile(file, "utf8")).trimEnd()}\n\n## 9. Open Questions\n\n-   **Q-1**: Which word?\u001b[2J\n-   **Q-2**: When?\n`;
    await writeFile(file, text);
    const asked = await onTerminal(
      at,
      ["approve", "1", "--repo", repo],
      [
        { when: /asks Q-1: Which word\?[\s\S]*leave it open:/u, type: "The loud one\n" },
        { when: /asks Q-2: When\?[\s\S]*leave it open:/u, type: "\u0003" },
      ],
    );
    expect(asked.exit, asked.screen).toBe(130);
    expect(asked.screen).not.toContain("Accept this?");
    expect(asked.screen).not.toContain("\u001b[2J");
    expect(await readFile(file, "utf8")).toBe(text.replace("\n-   **Q-2**", "\n    Answer: The loud one\n-   **Q-2**"));
  });

  it.skipIf(noNix !== undefined)(
    "sees a proposal before it counts, refuses it with a reason, and chooses the form of the hand-over, as crq-agent.toml says",
    async () => {
      const at = await place();
      const repo = await noteWithCrq(at);
      const model = join(at.folder, "model.json");
      await writeFile(
        model,
        script({ call: [propose({ path: "flake.nix", create: noteFlake("no\u001b[2Jthing") })] }, ...SAY_WELCOME),
      );
      await writeFile(join(repo, "crq-agent.toml"), 'approve = "ask"\nhand-over = "patch"\n');
      const apply = ["apply", "1", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`];
      const headless = await at.json(apply);
      expect(headless.document, headless.about).toMatchObject({ exit: 5 });
      const done = await onTerminal(at, apply, [
        ...parts,
        { when: /Approve this and apply it\? \[y\/N\]/u, type: "y\n" },
        { when: /--- flake\.nix[\s\S]*May this proposal count\?/u, type: "\u001b[B\r" },
        { when: /Why not\?/u, type: "Too quiet\n" },
        { when: /\+ [\s\S]*welcome[\s\S]*May this proposal count\?/u, type: "\r" },
        { when: /How do you want the change\?/u, type: "\r" },
      ]);
      expect(done.exit, done.screen).toBe(0);
      expect(done.screen).not.toContain("\u001b[2J");
      expect(await readFile(join(at.folder, "CRQ-001.patch"), "utf8")).toMatch(/^From [0-9a-f]{40}/u);
      const refused = (await at.journal()).find((event) => event.type === "result" && event.tool === "propose_edit");
      expect(refused).toMatchObject({
        isError: true,
        text: expect.stringContaining("The person at the terminal refused it: Too quiet"),
      });
    },
  );

  it.skipIf(noNix !== undefined)("ends at Ctrl-C as interrupted, with nothing kept and nothing handed over", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const model = join(at.folder, "model.json");
    await writeFile(model, script(...SAY_WELCOME));
    const approved = [...parts, { when: /Approve this and apply it\? \[y\/N\]/u, type: "y\n" }];
    const proposal = { when: /--- flake\.nix[\s\S]*May this proposal count\?/u, type: CTRL_C };
    const handOver = { when: /How do you want the change\?/u, type: CTRL_C };
    const before = await fingerprint(repo);
    let session = "";
    for (const { typed, approve, never } of [
      { typed: [...approved, proposal], approve: "ask", never: /Why not\?|How do you want/u },
      {
        typed: [...approved, { ...proposal, type: `${DOWN}\r` }, { when: /Why not\?/u, type: CTRL_C }],
        approve: "ask",
        never: /How do you want/u,
      },
      { typed: [...approved, handOver], approve: "auto", never: /May this proposal count/u },
    ]) {
      const left = await onTerminal(
        at,
        ["apply", "1", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`, "--approve", approve],
        typed,
      );
      expect(left.exit, left.screen).toBe(130);
      expect(left.screen).not.toMatch(never);
      expect(left.screen).toMatch(/interrupted/u);
      expect(difference(before, await fingerprint(repo))).toEqual(SAME);
      expect(await exists(join(at.folder, "CRQ-001.patch"))).toBe(false);
      expect((await at.journal()).at(-1)).toMatchObject({ type: "outcome", outcome: { kind: "interrupted" } });
      session = /sessions resume (\S+)/u.exec(left.screen)?.[1] ?? "";
    }
    const resumed = await at.run(["sessions", "resume", session, "--repo", repo, "--world", at.world]);
    expect(resumed.exit, resumed.stderr).toBe(0);
    expect(difference(before, await fingerprint(repo)).added).toContain("/.git/refs/heads/feature/CRQ-001-say-welcome");
  });

  it.skipIf(noNix !== undefined)("asks nothing more after Ctrl-C at the first of several questions", async () => {
    const at = await place();
    const manual = ["AC-3", "AC-4"].map(
      (id) =>
        `-   **${id}**: It reads well.\n    \`\`\`toml check ${id}\n    kind = "manual"\n    ask = "Does it?"\n    who = "Ada"\n    \`\`\`\n`,
    );
    const repo = await noteWithCrq(at, { criteria: NOTE_CRITERIA + manual.join("") });
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    const left = await onTerminal(
      at,
      ["verify", "1", "--repo", repo, "--world", at.world],
      [{ when: /AC-3: It reads well[\s\S]*leave it open:/u, type: CTRL_C }],
    );
    expect(left.exit, left.screen).toBe(130);
    expect(left.screen.match(/leave it open:/gu)).toHaveLength(1);
  });

  it.skipIf(noNix !== undefined)("answers a manual criterion once, and is asked again when the files change", async () => {
    const at = await place();
    const manual =
      '-   **AC-3**: It reads well.\n    ```toml check AC-3\n    kind = "manual"\n    ask = "Does it read well?"\n    who = "Ada"\n    ```\n';
    const repo = await noteWithCrq(at, { criteria: NOTE_CRITERIA + manual });
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    const verify = ["verify", "1", "--repo", repo, "--world", at.world];
    const question = /AC-3: It reads well\.[\s\S]*Does it read well\? \(Ada\)[\s\S]*pass, fail, or nothing to leave it open:/u;
    const left = await onTerminal(at, verify, [{ when: question, type: "\n" }]);
    expect(left.exit, left.screen).toBe(4);
    const answered = await onTerminal(at, verify, [{ when: question, type: "pass\n" }]);
    expect(answered.exit, answered.screen).toBe(0);
    expect(answered.screen).toMatch(/Pat Person, for Ada, answered pass on \d{4}-\d\d-\d\d/u);
    const again = await onTerminal(at, verify, []);
    expect(again.exit, again.screen).toBe(0);
    expect(again.screen).not.toMatch(/leave it open/u);

    await writeFile(join(repo, "README.md"), "# note\n\nSays welcome.\n");
    const headless = await at.json(verify);
    expect(headless.document, headless.about).toMatchObject({
      exit: 4,
      data: { report: { criteria: [{ verdict: "pass" }, { verdict: "pass" }, { id: "AC-3", verdict: "manual" }] } },
    });
  });
});
