import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place } from "../place.ts";
import { giveUp, noNix, SAY_WELCOME } from "../samples.ts";
import { applyWith, CRQ, noteWithCrq, stateOf } from "./change.ts";

/** The goal-post question: the model may not touch a criterion, so it asks, and nothing goes on until a person answers. */

const WRONG = "AC-1 wants \u001b[31mwelcome\u001b[0m,\nbut the README says hello.\n## 5. Acceptance Criteria";
const AS_WRITTEN =
  "Raised while it was applied (criterion-wrong): AC-1 wants welcome, but the README says hello. ## 5. Acceptance Criteria";

describe.skipIf(noNix !== undefined)("a criterion that the model finds wrong", { timeout: 600_000 }, () => {
  it("becomes a question; the checkout stays as it is until a person takes it, and nobody pays twice", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const run = (...args: readonly string[]) => at.json([...args, "--repo", repo]);
    expect((await run("approve", "1", "--yes")).exit).toBe(0);
    await commitAll(repo, "approved");
    const approved = await readFile(join(repo, CRQ), "utf8");
    const before = await fingerprint(repo);

    const asked = await applyWith(at, repo, [...SAY_WELCOME.slice(0, 1), { call: [giveUp("criterion-wrong", WRONG)] }]);
    expect(asked.document, asked.about).toMatchObject({
      ok: false,
      exit: 5,
      data: {
        outcome: { kind: "question", reason: "criterion-wrong" },
        handOver: { form: "nothing" },
        question: { text: AS_WRITTEN, taken: null },
      },
    });
    const { session } = Object(asked.document.data);
    expect(await stateOf(at, repo)).toBe(
      `blocked: question (criterion-wrong): AC-1 wants welcome, but the README says hello. ## 5. Acceptance Criteria; take it with crq-agent sessions take ${session}`,
    );
    for (const verb of ["approve", "apply"]) {
      const again = await at.run([verb, "1", "--yes", "--repo", repo]);
      expect(again).toMatchObject({ exit: 5, stdout: "" });
      expect(again.stderr).toContain(AS_WRITTEN);
      expect(again.stderr).toContain(`crq-agent sessions take ${session}`);
    }
    const resumed = await run("sessions", "resume", session);
    expect(resumed.exit, resumed.about).toBe(5);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    expect((await run("sessions", "take")).document).toMatchObject({
      exit: 0,
      data: { session, id: "Q-1", path: CRQ, written: true, answered: false },
    });
    const taken = await readFile(join(repo, CRQ), "utf8");
    expect(taken).toContain(`## 9. Open Questions\n\n-   **Q-1**: ${AS_WRITTEN}\n`);
    expect(taken).toMatch(/^status = "proposed"$/mu);
    expect(taken).not.toMatch(/^approval = /mu);
    expect(taken).toMatch(/^- {3}\d{4}-\d\d-\d\d: back to proposed: Q-1 is open$/mu);
    // Nothing but what was said: everything else of the document is as it was approved.
    const kept = (text: string): string => text.slice(text.indexOf("## 1. Overview"), text.indexOf("## 6."));
    expect(kept(taken)).toBe(kept(approved));
    expect((await run("sessions", "take", session)).document.data).toMatchObject({ id: "Q-1", written: false });
    expect(await stateOf(at, repo)).toBe("proposed");
    const open = await at.run(["approve", "1", "--yes", "--repo", repo]);
    expect(open).toMatchObject({ exit: 5, stderr: expect.stringMatching(/Q-1 is not answered/u) });

    await writeFile(join(repo, CRQ), taken.replace(AS_WRITTEN, `${AS_WRITTEN}\n    Answer: the README is to follow later.`));
    expect((await run("approve", "1", "--yes")).exit).toBe(0);
    expect(await stateOf(at, repo)).toMatch(/^in-progress|^blocked/u);
    await commitAll(repo, "answered");
    const done = await applyWith(at, repo, SAY_WELCOME);
    expect(done.document, done.about).toMatchObject({ exit: 0 });
  });

  it("is not written over criteria that went on since", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await applyWith(at, repo, [{ call: [giveUp("contradiction", "AC-1 and AC-2 cannot both hold.")] }], "--yes");
    const now = (await readFile(join(repo, CRQ), "utf8")).replace('equals = "welcome"', 'equals = "hi"');
    await writeFile(join(repo, CRQ), now);
    expect((await at.json(["sessions", "take", "--repo", repo])).document).toMatchObject({
      exit: 2,
      diagnostics: [{ message: expect.stringMatching(/its scope or criteria changed since the question was raised/u) }],
    });
    expect(await readFile(join(repo, CRQ), "utf8")).toBe(now);
    // Another criterion is another question: the run may be tried again.
    expect((await at.json(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
  });

  it("says so when there is none to take", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    expect(await at.run(["sessions", "take", "--repo", repo])).toMatchObject({
      exit: 2,
      stderr: "crq-agent: no session of this repository ended with a question; see `crq-agent sessions list` [no-question]\n",
    });
  });
});
