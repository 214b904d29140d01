import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Schema, Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import { type CrqReport, reportJsonSchema } from "../../src/crq/criteria/report/evidence.ts";
import { git } from "../../src/system/git.ts";
import { commitAll, type Place, place } from "./place.ts";
import { crqText, giveUp, NOTE_CRITERIA, NOTE_PROJECT, noNix, noteFlake, SAY_WELCOME, script } from "./samples.ts";

/** Evidence of real runs: every file of it, before and after a merge, and what must never be in it. */

const CRQ = "crqs/CRQ-001-say-welcome.md";
const BRANCH = "feature/CRQ-001-say-welcome";

async function apply(at: Place, repo: string, replies = SAY_WELCOME, ...more: string[]) {
  const model = join(at.folder, "model.json");
  await writeFile(model, script(...replies));
  const done = await at.json([
    "apply",
    "1",
    "--repo",
    repo,
    "--world",
    at.world,
    "--yes",
    "--model",
    `scripted:${model}`,
    ...more,
  ]);
  return { ...done, evidence: dataOf(done.document.data) };
}

interface Data {
  readonly report: CrqReport;
  readonly evidence: string;
}
const isData = (data: unknown): data is Data => data instanceof Object && "report" in data && "evidence" in data;
function dataOf(data: unknown): Data {
  if (!isData(data)) throw new Error(`no report in ${JSON.stringify(data)}`);
  return data;
}

const validator = new Validator(JSON.parse(JSON.stringify(reportJsonSchema())) as Schema, "2020-12", false);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const readJson = async (file: string) => JSON.parse(await readFile(file, "utf8"));

/** Every log that the report names lies beside it, as it was. */
async function expectWhole(folder: string): Promise<void> {
  const report: CrqReport = await readJson(join(folder, "report.json"));
  expect(validator.validate(report).errors).toEqual([]);
  for (const { log } of report.criteria.flatMap(({ checks }) => checks))
    expect([log.path, sha256(await readFile(join(folder, log.path), "utf8"))]).toEqual([log.path, log.sha256]);
  expect((await readdir(folder)).sort()).toEqual([
    "junit.xml",
    "logs",
    "report.json",
    "report.md",
    "report.sarif",
    "statement.intoto.json",
  ]);
}

describe.skipIf(noNix !== undefined)("evidence", () => {
  it("is whole at the hand-over, again after the merge on another machine, and says what became of it", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const base = (await git(["rev-parse", "HEAD"], { cwd: repo })).trim();
    const applied = await apply(at, repo);
    expect(applied.document, applied.about).toMatchObject({ exit: 0, data: { handOver: { branch: BRANCH } } });
    const { report, evidence } = applied.evidence;
    await expectWhole(evidence);
    // The commit that holds the report does not exist yet while the report is written.
    expect(report.subject).toMatchObject({ base, commit: null, dirty: false, untracked: [] });
    expect(report.criteria.map(({ changedFiles, commits, steps }) => ({ changedFiles, commits, steps }))).toEqual([
      { changedFiles: ["flake.nix"], commits: [], steps: [1] },
      { changedFiles: ["flake.nix"], commits: [], steps: [1] },
    ]);
    const [output] = report.criteria[1]?.checks[0]?.outputs ?? [];
    expect(output).toMatchObject({ name: "out", narSha256: expect.stringMatching(/^[0-9a-f]{64}$/u) });

    const handed = (await git(["rev-parse", BRANCH], { cwd: repo })).trim();
    expect((await git(["ls-tree", "-r", "--name-only", BRANCH, "crqs/reports/"], { cwd: repo })).trim().split("\n")).toEqual([
      "crqs/reports/CRQ-001/report.json",
      "crqs/reports/CRQ-001/report.md",
    ]);
    const carried = await git(["show", `${BRANCH}:crqs/reports/CRQ-001/report.json`], { cwd: repo });
    expect(carried).toBe(await readFile(join(evidence, "report.json"), "utf8"));
    expect(await git(["show", `${BRANCH}:crqs/reports/CRQ-001/report.md`], { cwd: repo })).not.toContain("](logs/");

    // A colleague: another clone, another state folder, the branch merged with a message that git made.
    const theirs = join(at.folder, "theirs");
    await git(["clone", "--quiet", repo, theirs], { cwd: at.folder });
    await git(["merge", "--quiet", "--no-ff", "-m", "Merge it", `origin/${BRANCH}`], { cwd: theirs, env: PERSON });
    await writeFile(join(theirs, "scratch.txt"), "mine\n");
    const head = (await git(["rev-parse", "HEAD"], { cwd: theirs })).trim();
    const env = { XDG_STATE_HOME: join(at.folder, "their-state") };
    const again = await at.json(["verify", "1", "--repo", theirs, "--world", at.world, "--report", "out"], { env });
    expect(again.document, again.about).toMatchObject({ ok: true, exit: 0 });
    expect(again.stderr).toContain(`${CRQ} names no base; it is judged against ${base.slice(0, 12)}`);
    await expectWhole(join(at.folder, "out"));
    const theirReport = dataOf(again.document.data).report;
    expect(theirReport.subject).toEqual({
      ...report.subject,
      repo: "theirs",
      commit: head,
      dirty: false,
      untracked: ["scratch.txt"],
    });
    expect(theirReport.criteria.map(({ id, verdict, commits }) => [id, verdict, commits])).toEqual([
      ["AC-1", "pass", [handed]],
      ["AC-2", "pass", [handed]],
    ]);
    expect(theirReport.criteria.map(({ textHash }) => textHash)).toEqual(report.criteria.map(({ textHash }) => textHash));
    const statement = await readJson(join(at.folder, "out", "statement.intoto.json"));
    expect(statement).toMatchObject({
      subject: [
        { digest: { gitCommit: head } },
        { digest: { gitTree: report.subject.tree } },
        { name: output?.path, digest: { sha256: output?.narSha256 } },
      ],
      predicate: {
        result: "PASSED",
        passedTests: ["CRQ-001/AC-1", "CRQ-001/AC-2"],
        crqAgentReport: { digest: { sha256: sha256(await readFile(join(at.folder, "out", "report.json"), "utf8")) } },
      },
    });
  });

  it("holds no key of the environment, whoever printed it", async () => {
    const at = await place();
    const secret = "correct-horse-battery";
    // The repository's own builder prints it, an attribute holds it, and the criterion's text has another key in it.
    const flake = noteFlake(secret, [`echo the key is ${secret} >&2; exit 1`]);
    const token = `ghp_${"aB3d".repeat(9)}`;
    const criteria = NOTE_CRITERIA.replace('The greeting is "welcome".', `The greeting is "welcome", not ${token}.`);
    const repo = await at.repository({ ...NOTE_PROJECT, "flake.nix": flake, [CRQ]: crqText({ criteria }) });
    const done = await at.json(["verify", "1", "--repo", repo, "--world", at.world, "--report", "out"], {
      env: { DEPLOY_TOKEN: secret },
    });
    expect(done.document, done.about).toMatchObject({ exit: 1 });
    const { report } = dataOf(done.document.data);
    expect(report.criteria[0]?.reason).toContain("[key removed]");
    expect(await readFile(join(at.folder, "out", "logs", "AC-2.0.txt"), "utf8")).toContain("the key is [key removed]");
    // What a model is shown, and what is kept of that.
    const other = await at.repository(
      { ...NOTE_PROJECT, "flake.nix": flake, "env.txt": `key=${secret}\n`, [CRQ]: crqText() },
      "other",
    );
    const model = join(at.folder, "model.json");
    const reads = { call: [{ tool: "read_file", arguments: { path: "env.txt" } }] };
    await writeFile(model, script(reads, { call: [giveUp("needs-credentials", "A key.")] }));
    const applied = await at.json(["apply", "1", "--repo", other, "--world", at.world, "--yes", "--model", `scripted:${model}`], {
      env: { DEPLOY_TOKEN: secret },
    });
    expect(applied.document, applied.about).toMatchObject({ exit: 20 });
    expect(JSON.stringify(await at.journal())).toContain("key=[key removed]");
    const places = [join(at.folder, "out"), at.state];
    for (const folder of places) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((one) => one.isFile())) {
        const text = await readFile(join(entry.parentPath, entry.name), "utf8");
        expect([entry.name, text.includes(secret), text.includes(token)]).toEqual([entry.name, false, false]);
      }
    }
    expect([done.stdout, done.stderr].some((text) => text.includes(secret) || text.includes(token))).toBe(false);
  });

  it("is written when the work ends before its criteria are run, and says that they were not", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const done = await apply(at, repo, [{ call: [giveUp("no-known-fix", "No.")] }]);
    expect(done.document, done.about).toMatchObject({ exit: 20, data: { report: { gate: { ok: false } } } });
    await expectWhole(done.evidence.evidence);
    expect(done.evidence.report.criteria.map(({ verdict, reason, baseline }) => [verdict, reason, baseline?.verdict])).toEqual([
      ["skipped", "not run: the work ended before its criteria were due (gave-up)", "fail"],
      ["skipped", "not run: the work ended before its criteria were due (gave-up)", "pass"],
    ]);
    expect(await readFile(join(done.evidence.evidence, "report.md"), "utf8")).toContain(
      "**Not done**: 0 of 2 criteria pass; 2 were never checked.",
    );
  });

  it("is written when a person stops it, and says what was not looked at", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const stopped = await at.run(["verify", "1", "--repo", repo, "--world", at.world, "--report", "out", "--events"], {
      onEvent: (event, child) => {
        if (event.type === "phase" && event.phase === "verify") child.kill("SIGINT");
      },
    });
    expect(stopped.exit).toBe(130);
    await expectWhole(join(at.folder, "out"));
    const report: CrqReport = await readJson(join(at.folder, "out", "report.json"));
    expect(report.gate.ok).toBe(false);
    expect(report.criteria.map(({ verdict }) => verdict)).not.toContain("pass");
    expect(await readFile(join(at.folder, "out", "report.md"), "utf8")).toContain("were never checked.");
  });

  it("is not believed when somebody improved it", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    expect((await apply(at, repo)).document).toMatchObject({ exit: 0 });
    await git(["checkout", "--quiet", BRANCH], { cwd: repo });
    const path = join(repo, "crqs/reports/CRQ-001/report.json");
    const report: CrqReport = await readJson(path);
    const criteria = report.criteria.map((one) => (one.id === "AC-2" ? { ...one, verdict: "fail" } : one));
    await writeFile(path, JSON.stringify({ ...report, criteria }));
    await commitAll(repo, "improve");
    const env = { XDG_STATE_HOME: join(at.folder, "fresh") };
    const status = await at.json(["status", "1", "--repo", repo], { env });
    expect(status.document).toMatchObject({
      diagnostics: [{ message: expect.stringContaining("contradicts itself: its gate is ok although AC-2 is fail") }],
    });
    const traced = await at.json(["show", "--trace", "flake.nix", "--repo", repo], { env });
    expect(traced.document).toMatchObject({
      data: {
        trace: {
          crqs: [{ id: "CRQ-001", report: null }],
          notes: [
            expect.stringMatching(/report\.json contradicts itself: its gate is ok although AC-2 is fail; it is left out$/u),
          ],
        },
      },
    });
  });

  it("reaches git as trailers, also by a patch, which git am keeps", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const patch = join(at.folder, "change.patch");
    expect((await apply(at, repo, SAY_WELCOME, "--patch", patch)).document).toMatchObject({ exit: 0 });
    const theirs = join(at.folder, "theirs");
    await git(["clone", "--quiet", repo, theirs], { cwd: at.folder });
    execFileSync("git", ["am", "--quiet", patch], { cwd: theirs, env: { ...process.env, ...PERSON }, stdio: "pipe" });
    const message = await git(["log", "-1", "--format=%B"], { cwd: theirs });
    const trailers = execFileSync("git", ["interpret-trailers", "--parse"], { cwd: theirs, input: message, encoding: "utf8" });
    expect(trailers.split("\n")).toEqual([
      "CRQ: CRQ-001",
      "AC: AC-1, AC-2",
      "Assisted-by: crq-agent@0.1.0/scripted:model.json",
      "",
    ]);
    const traced = await at.json(["show", "--trace", "HEAD", "--repo", theirs]);
    expect(traced.document).toMatchObject({
      data: {
        trace: {
          kind: "commit",
          explained: true,
          reasons: [{ id: "CRQ-001", criteria: [{ id: "AC-1", verdict: "pass" }, { id: "AC-2" }] }],
        },
      },
    });
  });
});

const PERSON = {
  GIT_AUTHOR_NAME: "Kim",
  GIT_AUTHOR_EMAIL: "kim@example.org",
  GIT_COMMITTER_NAME: "Kim",
  GIT_COMMITTER_EMAIL: "kim@example.org",
};
