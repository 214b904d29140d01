import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place } from "../place.ts";
import { giveUp, noNix, noteFlake, SAY_WELCOME } from "../samples.ts";
import { addCrq, applyWith, BRANCH, CRQ, noteWithCrq, stateOf, statusOf } from "./change.ts";

/** One CRQ from its first draft to its successor, with the real program, real git and real Nix; `status` is asked after every step. */

const SUCCESSOR = "crqs/CRQ-002-say-it-louder.md";
const asDraft = (text: string): string => text.replace('status = "proposed"', 'status = "draft"').replace(/^branch = .*\n/mu, "");

describe.skipIf(noNix !== undefined)("the life of a CRQ", { timeout: 900_000 }, () => {
  it("goes through every state, each shown by status, which writes nothing", async () => {
    const at = await place();
    const repo = await noteWithCrq(at, {}, asDraft);
    const state = async (): Promise<string> => {
      const before = await fingerprint(repo);
      const now = await stateOf(at, repo);
      expect(difference(before, await fingerprint(repo))).toEqual(SAME);
      return now;
    };
    const run = (...args: readonly string[]) => at.json([...args, "--repo", repo]);

    expect(await state()).toBe("draft");
    expect((await run("move", "1", "proposed")).document).toMatchObject({ exit: 0, data: { from: "draft", to: "proposed" } });
    expect(await readFile(join(repo, CRQ), "utf8")).toContain(`branch = "${BRANCH}"`);
    expect(await state()).toBe("proposed");
    expect((await run("approve", "1", "--yes")).exit).toBe(0);
    expect(await statusOf(at, repo)).toMatchObject({ state: "approved", unattended: true, report: null, lastRun: null });
    await commitAll(repo, "approved");

    expect((await applyWith(at, repo, [{ call: [giveUp("no-known-fix", "No idea.")] }])).exit).toBe(20);
    expect(await state()).toBe("blocked: gave up (no-known-fix): No idea.");
    await appendFile(join(repo, "README.md"), "Or something else.\n");
    expect(await state()).toBe("in-progress");
    await commitAll(repo, "a hint");

    const done = await applyWith(at, repo, SAY_WELCOME);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { handOver: { branch: BRANCH } } });
    expect(await state()).toBe(`in-progress: handed over as branch ${BRANCH}, which is not merged here`);
    await git(["merge", "--quiet", "--ff-only", BRANCH], { cwd: repo });
    expect(await statusOf(at, repo)).toMatchObject({
      stored: "approved",
      state: "verified",
      criteria: { total: 2, pass: 2 },
      report: { from: "session", ok: true, current: { criteria: true, files: true } },
    });

    // Whoever gets the branch has the proof with it, without any session of their own.
    const clone = join(at.folder, "colleague");
    await git(["clone", "--quiet", repo, clone], { cwd: at.folder });
    const there = await at.json(["status", "1", "--repo", clone], { env: { XDG_STATE_HOME: join(at.folder, "other-state") } });
    expect(there.document.data).toMatchObject({
      crqs: [{ state: "verified", lastRun: null, report: { from: "tree", path: "crqs/reports/CRQ-001/report.json" } }],
    });

    await writeFile(join(repo, "flake.nix"), noteFlake("hello"));
    expect(await state()).toBe("stale: the files changed since the report");
    const failed = await run("verify", "1", "--close", "--world", at.world);
    expect(failed.document, failed.about).toMatchObject({ exit: 1, data: { closed: null } });
    expect(await state()).toBe("in-progress");
    await git(["checkout", "--quiet", "flake.nix"], { cwd: repo });
    // A report about other files takes nothing away from the one about these.
    expect(await state()).toBe("verified");

    const closed = await run("verify", "1", "--close", "--world", at.world);
    expect(closed.document, closed.about).toMatchObject({
      exit: 0,
      data: { closed: { report: "crqs/reports/CRQ-001/report.json", sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) } },
    });
    expect(await state()).toBe("closed");
    const document = await readFile(join(repo, CRQ), "utf8");
    expect(document).toMatch(
      /^evidence = \{ report = "crqs\/reports\/CRQ-001\/report\.json", sha256 = .*, tree = "[0-9a-f]{40}" \}$/mu,
    );
    expect(document).toMatch(/^- {3}\d{4}-\d\d-\d\d: closed by human:Pat Person: proven on tree [0-9a-f]{12}$/mu);
    expect((await run("index", "--check")).exit).toBe(0);

    const evidence = async () => {
      const { exit, document } = await run("lint", join(repo, CRQ));
      return [exit, ...document.diagnostics.filter((found) => JSON.stringify(found).includes("closed-without-evidence"))];
    };
    const report = join(repo, "crqs/reports/CRQ-001/report.json");
    const text = await readFile(report, "utf8");
    expect(await evidence()).toEqual([0]);
    await writeFile(report, text.replace('"verdict": "pass"', '"verdict": "pass" '));
    expect(await evidence()).toMatchObject([
      1,
      { severity: "error", message: expect.stringMatching(/has another hash than recorded/u) },
    ]);
    await rename(join(repo, "crqs/reports/CRQ-001"), join(repo, "crqs/reports/CRQ-009"));
    expect(await evidence()).toMatchObject([1, { message: expect.stringMatching(/does not exist/u) }]);
    await rename(join(repo, "crqs/reports/CRQ-009"), join(repo, "crqs/reports/CRQ-001"));
    await writeFile(report, text);
    expect(await evidence()).toEqual([0]);

    await addCrq(repo, SUCCESSOR, { id: "CRQ-002", title: "Say it louder" });
    expect((await run("move", "1", "superseded", "--by", "2", "--reason", "it was too quiet")).exit).toBe(0);
    expect(await statusOf(at, repo)).toMatchObject({ state: "superseded", supersededBy: ["CRQ-002"], unmetGuards: [] });
    expect(await readFile(join(repo, SUCCESSOR), "utf8")).toMatch(/^supersedes = \["CRQ-001"\]$/mu);
    expect(JSON.stringify((await run("lint")).document.diagnostics)).not.toMatch(/broken-relation|out-of-date/u);
  });
});
