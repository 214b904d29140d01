import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place, writeFiles } from "../place.ts";
import { crqText, NOTE_CRITERIA, NOTE_PROJECT, noNix, SAY_WELCOME } from "../samples.ts";
import { applyWith, BRANCH, CRQ, noteWithCrq, stateOf } from "./change.ts";

/** A criterion that only a person can answer holds neither the work back nor the word "done" out. */

const MANUAL =
  '-   **AC-3**: It reads well.\n    ```toml check AC-3\n    kind = "manual"\n    ask = "Does it read well?"\n    who = "Ada"\n    ```\n';

describe.skipIf(noNix !== undefined)("a change of which a person has to judge a part", { timeout: 600_000 }, () => {
  it("is handed over as not yet done, and done once the person has answered for it", async () => {
    const at = await place();
    const repo = await noteWithCrq(at, { criteria: NOTE_CRITERIA + MANUAL });
    expect((await at.run(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
    await commitAll(repo, "approved");
    const applied = await applyWith(at, repo, SAY_WELCOME);
    expect(applied.document, applied.about).toMatchObject({
      ok: false,
      exit: 4,
      data: {
        outcome: {
          kind: "incomplete",
          detail: "AC-3 waits for a person; look at the change, then: crq-agent verify CRQ-001 --answer AC-3=pass (or =fail)",
        },
        handOver: { form: "branch", branch: BRANCH },
        report: { gate: { ok: false, failures: [{ rule: "criterion", ac: "AC-3" }] } },
      },
    });
    const message = await git(["log", "-1", "--format=%B", BRANCH], { cwd: repo });
    expect(message).toContain("A person has still to answer for AC-3.");
    expect(message).toMatch(/^AC: AC-1, AC-2$/mu);
    expect(message).not.toContain("Every criterion");
    expect(await stateOf(at, repo)).toBe(`in-progress: handed over as branch ${BRANCH}, which is not merged here`);

    await git(["merge", "--quiet", BRANCH], { cwd: repo });
    expect(await stateOf(at, repo)).toMatch(/^in-progress/u);
    const answered = await at.json(["verify", "1", "--answer", "AC-3=pass", "--repo", repo, "--world", at.world]);
    expect(answered.document, answered.about).toMatchObject({ ok: true, exit: 0, data: { report: { gate: { ok: true } } } });
    expect(await stateOf(at, repo)).toBe("verified");
  });

  it("is not written into a folder without git, where the files themselves would change", async () => {
    const at = await place();
    const folder = join(at.folder, "no git");
    await writeFiles(folder, { ...NOTE_PROJECT, [CRQ]: crqText({ criteria: NOTE_CRITERIA + MANUAL }) });
    expect((await at.run(["approve", "1", "--yes", "--repo", folder])).exit).toBe(0);
    const before = await fingerprint(folder);
    const applied = await applyWith(at, folder, SAY_WELCOME, "--yes");
    expect(applied.document, applied.about).toMatchObject({
      exit: 4,
      data: { handOver: { form: "nothing" }, notes: [expect.stringMatching(/--patch FILE/u)] },
    });
    expect(difference(before, await fingerprint(folder))).toEqual(SAME);
  });
});
