import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXAMPLE, exampleWith } from "../../crq/fixtures/example.ts";
import { type Place, place } from "../place.ts";
import { crqText, NOTE_PROJECT, noNix } from "../samples.ts";

const CRQ = "crqs/CRQ-001-say-welcome.md";
const WEAK = crqText().replace("The flake greets.", "TODO: it greets.");

const project = (at: Place, files: Readonly<Record<string, string>> = {}) =>
  at.repository({ ...NOTE_PROJECT, [CRQ]: crqText(), ...files });

describe("what lint is asked to look at", () => {
  it("is told by what it looked at and what it could not check", async () => {
    const at = await place();
    const repo = await project(at);
    await at.run(["index"], { cwd: repo });
    const clean = await at.run(["lint"], { cwd: repo });
    expect(clean).toMatchObject({ exit: 0, stderr: "" });
    expect(clean.stdout).toMatch(/^1 document, \d\d rules: no findings$/mu);
    expect(clean.stdout).toMatch(/^not checked: .*nix\/off-policy-input \(crq-agent\.toml has no \[policy\.inputs\]\)/mu);
    expect((await at.run(["lint", "--quiet"], { cwd: repo })).stdout).toBe("");
  });

  it("may be files, folders, ids and stdin, from wherever a person stands", async () => {
    const at = await place();
    const repo = await project(at, {
      "old/deep/CRQ-007-x.md": "# CRQ-007: Seven\n",
      "old/notes.md": "Not a CRQ.\n",
      "docs/a.md": "x\n",
    });
    const files = async (args: readonly string[], cwd = repo) => {
      const { document } = await at.json(["lint", ...args], { cwd });
      return { exit: document.exit, data: document.data };
    };
    const one = [{ path: CRQ, profile: "standard" }];
    expect(await files(["CRQ-001-say-welcome.md"], join(repo, "crqs"))).toMatchObject({ exit: 0, data: { files: one } });
    expect(await files(["1"])).toMatchObject({ exit: 0, data: { files: one } });
    expect(await files(["old"])).toMatchObject({
      exit: 1,
      data: { files: [{ path: "old/deep/CRQ-007-x.md", profile: "standard" }] },
    });
    // The CRQ folder by its name is the same as nothing at all: its lists count.
    expect((await at.run(["lint", "crqs/"], { cwd: repo })).stdout).toMatch(/^crqs\/list\.txt:1:1 error index\/out-of-date /mu);
    const piped = { cwd: repo, wrapper: ["sh", "-c", 'file=$1; shift; "$@" < "$file"', "sh", CRQ] };
    expect(await at.run(["lint", "-"], piped)).toMatchObject({
      exit: 1,
      stdout: expect.stringMatching(
        /^<stdin>:5:1 error id\/duplicate .*not checked: .*id\/file-name \(a text from stdin has no name\)/su,
      ),
    });
    expect(await at.run(["lint", "-", "--fix"], piped)).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/--fix needs a file/u),
    });
  });

  it("may be wrong in part: the rest is linted, and the exit says so", async () => {
    const at = await place();
    const repo = await project(at, { "docs/a.md": "x\n" });
    await writeFile(join(at.folder, "outside.md"), "# CRQ-002: Outside\n");
    await writeFile(join(repo, CRQ), WEAK);
    const run = await at.json(["lint", "gone.md", "9", "../outside.md", "docs", CRQ], { cwd: repo });
    expect(run.document).toMatchObject({ ok: false, exit: 2, data: { files: [{ path: CRQ }] } });
    expect(run.stderr.trimEnd().split("\n")).toEqual([
      "crq-agent: gone.md: cannot be read: there is no such file or folder",
      "crq-agent: 9: CRQ-009 does not exist in crqs/",
      expect.stringMatching(
        /^crq-agent: \.\.\/outside\.md: lies outside the repository .*--repo DIR, or pipe the text: crq-agent lint -$/u,
      ),
      "crq-agent: docs: there is no CRQ below this folder",
    ]);
    expect(run.document.diagnostics).toContainEqual(expect.objectContaining({ rule: "structure/unfinished-text", file: CRQ }));
    const bare = await at.repository({ "a.txt": "a\n" }, "bare");
    expect(await at.run(["lint"], { cwd: bare })).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringMatching(/has no folder crqs\/; `crq-agent init` makes it/u),
    });
  });

  it("has its threshold, its profile by folder, and one document a format", async () => {
    const at = await place();
    const repo = await project(at, {
      "crq-agent.toml": '[lint]\nimport = ["old/**"]\n',
      "old/CRQ-007-x.md": "# CRQ-007: Seven\n\nyour task is to do it\n",
      [CRQ]: WEAK,
    });
    const exit = async (...args: string[]) => (await at.run(["lint", CRQ, ...args], { cwd: repo })).exit;
    expect([await exit(), await exit("--fail-on", "warning"), await exit("--profile", "strict")]).toEqual([0, 1, 1]);
    expect(await at.run(["lint", "old"], { cwd: repo })).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^old\/CRQ-007-x\.md:3:1 warning structure\/leaked-prompt /mu),
    });
    const json = await at.run(["lint", CRQ, "--format", "json"], { cwd: repo });
    expect(json.stdout).toBe((await at.run(["lint", CRQ, "--json"], { cwd: repo })).stdout);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: "crq-agent/lint/1", ok: true, exit: 0 });
    expect(await at.run(["lint", CRQ, "--json", "--format", "sarif"], { cwd: repo })).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/--json and --format sarif are two documents/u),
    });
  });

  it.skipIf(noNix !== undefined)("parses all nix fences of a run, and points into the one that is wrong", async () => {
    const at = await place();
    const broken = exampleWith(["### 4.3. Build Process", "### 4.3. Build Process\n```nix\n{\n  a = '''\n}\n```\n"]);
    const right = EXAMPLE.replaceAll("CRQ-001", "CRQ-002").replace(
      "### 4.3. Build Process",
      "### 4.3. Build Process\n```nix\npkgs.hello\n```\n",
    );
    const repo = await at.repository({ "crqs/CRQ-001-nixify-greet.md": broken, "crqs/CRQ-002-other.md": right });
    expect(
      (await at.run(["lint", "--profile", "strict"], { cwd: repo })).stdout.match(/^crqs.* nix\/snippet-does-not-parse .*$/gmu),
    ).toEqual([expect.stringMatching(/^crqs\/CRQ-001-nixify-greet\.md:32:\d+ error .*syntax error, unexpected end of file/u)]);
  });
});
