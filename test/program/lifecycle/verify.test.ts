import { appendFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place } from "../place.ts";
import { NOTE_CRITERIA, noNix, noteFlake } from "../samples.ts";
import { CRQ, MANUAL, noteWithCrq, stateOf, statusOf } from "./change.ts";

/** The options of verify that belong to the lifecycle: the base alone, a person's answers, closing. */

describe("verify", () => {
  it("wants one thing at a time", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    for (const [args, message] of [
      [["--close", "--ac", "AC-1"], "--close needs every criterion; leave --ac out"],
      [["--close", "--baseline-only"], "--close needs every criterion; leave --baseline-only out"],
      [["--baseline-only", "--ac", "AC-1"], "the baseline is one of all criteria; leave --ac out"],
      [["--answer", "AC-1=pass"], `--answer AC-1=pass: no criterion of ${CRQ} asks a person`],
    ] as const)
      expect(await at.json(["verify", "1", ...args, "--repo", repo])).toMatchObject({
        exit: 2,
        document: { ok: false, diagnostics: [{ message }] },
      });
  });
});

describe.skipIf(noNix !== undefined)("verify with real Nix", { timeout: 600_000 }, () => {
  it("--baseline-only says whether the criteria could show a change, and leaves the state alone", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await at.run(["approve", "1", "--yes", "--repo", repo]);
    const before = await fingerprint(repo);
    const baseline = async () =>
      (await at.json(["verify", "1", "--baseline-only", "--repo", repo, "--world", at.world])).document;
    expect(await baseline()).toMatchObject({
      ok: true,
      exit: 0,
      data: {
        crq: "CRQ-001",
        findings: [],
        baseline: {
          checks: [
            { criterion: "AC-1", verdict: "fail", code: "mismatch" },
            { criterion: "AC-2", verdict: "pass", regression: true },
          ],
        },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    expect(await stateOf(at, repo)).toBe("approved");

    const text = await readFile(join(repo, CRQ), "utf8");
    await writeFile(join(repo, CRQ), text.replace('equals = "welcome"', 'equals = "hello"'));
    expect(await baseline()).toMatchObject({
      exit: 1,
      data: {
        findings: [
          expect.stringMatching(/^AC-1\.0 holds at the base already/u),
          "no check is red at the base for its content, so the criteria ask for nothing",
        ],
      },
    });
  });

  it("keeps an answer with who and when, and shows it", async () => {
    const at = await place();
    const repo = await noteWithCrq(at, { criteria: NOTE_CRITERIA + MANUAL });
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    const verify = async (...more: readonly string[]) =>
      (await at.json(["verify", "1", ...more, "--repo", repo, "--world", at.world])).document;
    const third = {
      criteria: [
        {},
        {},
        { id: "AC-3", verdict: "pass", reason: expect.stringMatching(/^Pat Person, for Ada, answered pass on /u) },
      ],
    };
    expect(await verify("--answer", "AC-3=pass")).toMatchObject({ exit: 0, data: { report: third } });
    // When it stops to hold, and for what, stands in verify.slow.test.ts.
    expect(await verify()).toMatchObject({ exit: 0, data: { report: third } });
  });

  it("--close closes what passes, with files that are not committed yet, and not over an edit made meanwhile", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await at.run(["approve", "1", "--yes", "--repo", repo]);
    await commitAll(repo, "approved");
    const close = () => at.json(["verify", "1", "--close", "--repo", repo, "--world", at.world]);
    const before = await fingerprint(repo);
    expect((await close()).document).toMatchObject({ ok: false, exit: 1, data: { closed: null } });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    // A file that is new and ignored, but staged on purpose, is part of what is judged.
    await writeFile(join(repo, ".gitignore"), "*.log\n");
    await writeFile(join(repo, "kept.log"), "kept\n");
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    await git(["add", "--intent-to-add", "--force", ".gitignore", "kept.log"], { cwd: repo });
    const closed = await close();
    expect(closed.document, closed.about).toMatchObject({ exit: 0, data: { report: { subject: { dirty: true } } } });
    const { tree } = Object(Object(closed.document.data).closed);
    expect(await statusOf(at, repo)).toMatchObject({
      state: "closed",
      criteria: { pass: 2, total: 2 },
      report: { ok: true, current: { criteria: true, files: true } },
    });
    await commitAll(repo, "done");
    const all = (await git(["ls-tree", "-r", "HEAD"], { cwd: repo })).split("\n").filter((line) => !line.includes("\tcrqs/"));
    expect(all.some((line) => line.endsWith("\tkept.log"))).toBe(true);
    expect(await statusOf(at, repo)).toMatchObject({ report: { current: { files: true } } });
    expect(tree).toMatch(/^[0-9a-f]{40}$/u);
    const report = await readFile(join(repo, "crqs/reports/CRQ-001/report.json"), "utf8");
    const meanwhile = await at.run(["verify", "1", "--close", "--events", "--repo", repo, "--world", at.world], {
      onEvent: (event) => {
        if (event.type === "phase" && event.phase === "verify") appendFileSync(join(repo, CRQ), "-   a note of Pat's\n");
      },
    });
    expect(meanwhile).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/was changed by someone else meanwhile; nothing was written/u),
    });
    expect(await readFile(join(repo, "crqs/reports/CRQ-001/report.json"), "utf8")).toBe(report);
    // Closing again renews the evidence.
    expect((await close()).exit).toBe(0);
    expect((await readFile(join(repo, CRQ), "utf8")).match(/: closed by human:Pat Person/gu)).toHaveLength(2);
  });
});
