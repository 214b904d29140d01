import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { place } from "../place.ts";
import { noNix, propose } from "../samples.ts";
import { applyWith, CRQ } from "./change.ts";
import { ASKS, NOT_ASKED, noteWithTest, RUNS, SKIPS, TESTS } from "./waiver.ts";

describe.skipIf(noNix !== undefined)("the answer to a question for a waiver", { timeout: 600_000 }, () => {
  it("goes on from the kept change with a model when the person says no", async () => {
    const at = await place();
    const repo = await noteWithTest(at);
    await applyWith(at, repo, SKIPS);
    expect((await at.json(["sessions", "take", "--repo", repo])).exit).toBe(0);
    const taken = await readFile(join(repo, CRQ), "utf8");
    await writeFile(join(repo, CRQ), taken.replace(/^(- {3}\*\*Q-1\*\*.*)$/mu, "$1\n    Answer: no, it has to run."));
    expect((await at.json(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
    const done = await applyWith(at, repo, [{ call: [propose({ path: TESTS, create: RUNS })] }, { text: "It runs again." }]);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" }, turns: 2 } });
    const opening = (await at.journal()).find(({ type }) => type === "user");
    expect(opening).toMatchObject({ text: expect.stringContaining(`which asked the person: ${ASKS}`) });
    expect(opening).toMatchObject({ text: expect.stringContaining(`AC-2 fail: weakened: test ignored (fetches) at ${TESTS}`) });
  });

  it("is answered in the document where the question stands there, and approved anew", async () => {
    const at = await place();
    const repo = await noteWithTest(at);
    await applyWith(at, repo, SKIPS);
    expect((await at.json(["sessions", "take", "--repo", repo])).exit).toBe(0);
    const waived = await at.run(["sessions", "take", "--waive", "no network there", "--repo", repo]);
    expect(waived).toMatchObject({ exit: 0, stdout: expect.stringMatching(/Next: crq-agent approve crqs\/\S+\n$/u) });
    expect(await readFile(join(repo, CRQ), "utf8")).toMatch(
      /^- {3}\*\*Q-1\*\*: Raised .*\n {4}Answer: yes, waived until \d{4}-\d\d-\d\d: no network there$/mu,
    );
    expect((await at.json(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
    expect((await applyWith(at, repo, NOT_ASKED)).document).toMatchObject({ exit: 0, data: { turns: 0 } });
  });
});
