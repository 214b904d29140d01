import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { place } from "../place.ts";
import { NOTE_CRITERIA, noNix, noteFlake } from "../samples.ts";
import { MANUAL, noteWithCrq, stateOf } from "./change.ts";

/** How long an answer of a person holds. */

describe.skipIf(noNix !== undefined)("verify with real Nix", { timeout: 600_000 }, () => {
  it("keeps an answer with who and when, for these criteria and these files, and shows it", async () => {
    const at = await place();
    const repo = await noteWithCrq(at, { criteria: NOTE_CRITERIA + MANUAL });
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    const verify = async (...more: readonly string[]) =>
      (await at.json(["verify", "1", ...more, "--repo", repo, "--world", at.world])).document;
    const third = (exit: number, verdict: string, reason: RegExp) => ({
      exit,
      data: { report: { criteria: [{}, {}, { id: "AC-3", verdict, reason: expect.stringMatching(reason) }] } },
    });
    expect(await verify("--answer", "AC-3=fail")).toMatchObject(third(1, "fail", /^Pat Person, for Ada, answered fail on /u));
    expect(await verify()).toMatchObject(third(1, "fail", /answered fail/u));
    expect(await verify("--answer", "AC-3=pass")).toMatchObject(third(0, "pass", /answered pass/u));
    expect(await verify()).toMatchObject(third(0, "pass", /answered pass/u));
    // What is not selected proves nothing, and takes nothing away from what was proven.
    await at.run(["approve", "1", "--yes", "--repo", repo]);
    expect(await stateOf(at, repo)).toBe("verified");
    expect(await verify("--ac", "AC-1")).toMatchObject({ exit: 4 });
    expect(await stateOf(at, repo)).toBe("verified");

    const kept = join(at.state, "crq-agent", "answers");
    const [folder = ""] = await readdir(kept);
    const file = join(kept, folder, "CRQ-001.json");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      schema: "crq-answers/1",
      answers: { "AC-3": { verdict: "pass", by: "human:Pat Person", at: expect.stringMatching(/^\d{4}-/u) } },
    });
    await writeFile(file, "{");
    expect(await verify()).toMatchObject(third(4, "manual", /Ada has not answered yet/u));
    await verify("--answer", "AC-3=pass");
    await writeFile(join(repo, "note.txt"), "Take two umbrellas.\n");
    expect(await verify()).toMatchObject(third(4, "manual", /Ada has not answered yet/u));
    expect(await stateOf(at, repo)).toBe("in-progress");
    await git(["checkout", "--quiet", "note.txt"], { cwd: repo });
    expect(await stateOf(at, repo)).toBe("verified");
  });
});
