import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { commitAll, type Files, type Place, place } from "./place.ts";
import { crqText, NOTE_CRITERIA, NOTE_PROJECT, noNix, noteFlake, SAY_WELCOME, script } from "./samples.ts";

const CRQ = "crqs/CRQ-001-say-welcome.md";
const BRANCH = "feature/CRQ-001-say-welcome";

async function applied(at: Place, files: Files = NOTE_PROJECT): Promise<string> {
  const repo = await at.repository(files);
  const base = (await git(["rev-parse", "HEAD"], { cwd: repo })).trim();
  const document = crqText({ metadata: `target = { repo = ".", base = "${base}", systems = ["x86_64-linux"] }\n` });
  const outside = join(at.folder, CRQ.slice("crqs/".length));
  await writeFile(outside, document);
  const model = join(at.folder, "model.json");
  await writeFile(model, script(...SAY_WELCOME));
  const done = await at.json(["apply", outside, "--repo", repo, "--world", at.world, "--yes", "--model", `scripted:${model}`]);
  expect(done.document, done.about).toMatchObject({ exit: 0, data: { handOver: { branch: BRANCH } } });
  return repo;
}

describe.skipIf(noNix !== undefined)("verify", () => {
  it("fails on what is not applied, with a report in three forms, and edits nothing", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const before = await fingerprint(repo);
    const done = await at.json(["verify", "1", "--repo", repo, "--world", at.world, "--report", "out"]);
    expect(done.document, done.about).toMatchObject({
      schema: "crq-agent/verify/1",
      ok: false,
      exit: 1,
      data: {
        report: {
          schema: "crq-report/1",
          criteria: [
            { id: "AC-1", verdict: "fail", tier: "eval", baseline: { verdict: "fail" } },
            { id: "AC-2", verdict: "pass", tier: "build", baseline: { verdict: "pass" } },
          ],
          gate: { ok: false, failures: [{ rule: "criterion", ac: "AC-1" }] },
        },
      },
    });
    expect(done.exit).toBe(1);
    const report = JSON.parse(await readFile(join(at.folder, "out", "report.json"), "utf8"));
    expect(done.document.data).toMatchObject({ report });
    expect(await readFile(join(at.folder, "out", "report.md"), "utf8")).toMatch(/AC-1/u);
    expect(await readFile(join(at.folder, "out", "junit.xml"), "utf8")).toMatch(/<testsuite [^>]*tests="2"[^>]*failures="1"/u);
    await writeFile(join(at.folder, "file"), "");
    expect((await at.json(["verify", "1", "--repo", repo, "--world", at.world, "--report", "file/out"])).document).toMatchObject({
      exit: 2,
      diagnostics: [{ message: expect.stringMatching(/^--report .*file\/out: no evidence can be written there .*ENOTDIR/u) }],
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("passes on the branch that was handed over, judges a dirty checkout as it is, and sees edited criteria and policy", async () => {
    const at = await place();
    const repo = await applied(at, { ...NOTE_PROJECT, "crq-agent.toml": 'docs = ["docs"]\n' });
    await git(["checkout", "--quiet", BRANCH], { cwd: repo });
    const verify = async (...more: string[]) =>
      (await at.json(["verify", "1", "--repo", repo, "--world", at.world, ...more])).document;
    expect(await verify()).toMatchObject({
      ok: true,
      exit: 0,
      data: { report: { gate: { ok: true, failures: [] }, subject: { dirty: false } } },
    });
    // Not selected is not proven.
    expect(await verify("--ac", "AC-1")).toMatchObject({
      exit: 4,
      data: {
        report: {
          criteria: [
            { id: "AC-1", verdict: "pass" },
            { id: "AC-2", verdict: "skipped" },
          ],
        },
      },
    });
    expect(await verify("--ac", "AC-9")).toMatchObject({
      exit: 2,
      diagnostics: [{ message: `--ac AC-9: ${CRQ} has AC-1, AC-2` }],
    });

    await writeFile(join(repo, "flake.nix"), noteFlake("hello"));
    expect(await verify()).toMatchObject({
      exit: 1,
      data: { report: { criteria: [{ id: "AC-1", verdict: "fail" }, { verdict: "pass" }] } },
    });
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));

    const approved = await readFile(join(repo, CRQ), "utf8");
    await writeFile(join(repo, CRQ), approved.replace('attr = "greeting"', 'attr = "greeting" # easier'));
    expect(await verify()).toMatchObject({
      exit: 6,
      data: {
        report: {
          gate: {
            failures: [
              {
                rule: "tampering",
                detail: `${CRQ}: its scope or criteria were changed after they were approved; approve them anew`,
              },
            ],
          },
        },
      },
    });
    await writeFile(join(repo, CRQ), approved);
    await writeFile(join(repo, "crq-agent.toml"), '[policy.inputs]\norg = "anybody"\nref = ".*"\n');
    await commitAll(repo, "a policy that lets everything pass");
    expect(await verify()).toMatchObject({
      exit: 6,
      data: {
        report: {
          gate: {
            failures: [
              { rule: "tampering", detail: expect.stringMatching(/^crq-agent.toml differs from the base of the CRQ; /u) },
            ],
          },
        },
      },
    });
  });

  it("takes a first crq-agent.toml for no tampering, and an exception in it for a weakening", async () => {
    const at = await place();
    const repo = await applied(at);
    await git(["checkout", "--quiet", BRANCH], { cwd: repo });
    const verify = async () => (await at.json(["verify", "1", "--repo", repo, "--world", at.world])).document;
    const policy = '[policy.inputs]\norg = "us"\nref = "^feature/"\n';
    await writeFile(join(repo, "crq-agent.toml"), policy);
    await commitAll(repo, "a policy");
    expect(await verify()).toMatchObject({ exit: 0, data: { report: { gate: { ok: true } } } });
    await writeFile(
      join(repo, "crq-agent.toml"),
      `${policy}[[policy.inputs.exception]]\nurl = "path:../here"\nreason = "it is near"\n`,
    );
    await commitAll(repo, "an exception");
    expect(await verify()).toMatchObject({
      exit: 1,
      data: { report: { weakenings: [{ pattern: "policy exception added", file: "crq-agent.toml", waived: false }] } },
    });
  });

  it("waits for a person where a criterion asks one, and takes the answer", async () => {
    const at = await place();
    const manual =
      '-   **AC-3**: It reads well.\n    ```toml check AC-3\n    kind = "manual"\n    ask = "Does it read well?"\n    who = "Pat"\n    ```\n';
    const criteria = NOTE_CRITERIA.replace('equals = "welcome"', 'equals = "hello"') + manual;
    const repo = await at.repository({ ...NOTE_PROJECT, "flake.nix": noteFlake("hi"), [CRQ]: crqText({ criteria }) });
    await writeFile(join(repo, "flake.nix"), noteFlake("hello"));
    const verify = async (...more: string[]) =>
      (await at.json(["verify", "1", "--repo", repo, "--world", at.world, ...more])).document;
    expect(await verify()).toMatchObject({
      exit: 4,
      data: { report: { criteria: [{ verdict: "pass" }, { verdict: "pass" }, { id: "AC-3", verdict: "manual" }] } },
    });
    expect(await verify("--answer", "AC-3=pass")).toMatchObject({ exit: 0 });
    expect(await verify("--answer", "AC-3=fail")).toMatchObject({ exit: 1 });
    expect(await verify("--answer", "AC-3=perhaps")).toMatchObject({
      exit: 2,
      diagnostics: [{ message: "--answer AC-3=perhaps: write AC-n=pass or AC-n=fail" }],
    });
    expect(await readdir(join(repo, "crqs"))).toEqual([CRQ.slice("crqs/".length)]);
  });
});
