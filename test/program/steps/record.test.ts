import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRecords, type StepRecord } from "../../../src/repo/steps/records.ts";
import { lacking, HOST_PATH as PATH } from "../host-tools.ts";
import { type Document, type Place, place } from "../place.ts";
import { C_PROGRAM, RUST_PROGRAM, withCrates } from "./projects.ts";

/** `steps record` around real builds of real tools. */

const recordsOf = async (repo: string, folder = "steps"): Promise<readonly StepRecord[]> => {
  const { records, problems } = parseRecords("steps.jsonl", await readFile(join(repo, folder, "steps.jsonl"), "utf8"));
  expect(problems).toEqual([]);
  return records;
};

/** `--json` stands before the build's own words. */
async function recorded(
  at: Place,
  build: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Document> {
  const { stdout, stderr } = await at.run(["steps", "record", "--json", "--", ...build], { cwd, env });
  expect(stdout, stderr).toMatch(/^\{/u);
  return JSON.parse(stdout);
}

/** What is wired to what, by what each step makes; cargo's hashes left out. */
const wiring = (records: readonly StepRecord[]) => {
  const short = (text: string): string => text.replaceAll(/-[0-9a-f]{16}/gu, "");
  const makes = (id: string): string => id.replace(/^step-\d+-/u, "");
  return Object.fromEntries(
    records.map(({ id, type, inputs, outputs, depends }) => [
      makes(id),
      {
        type,
        inputs: inputs.map(({ path }) => short(path)),
        outputs: outputs.map(short),
        depends: depends.map(makes).sort(),
      },
    ]),
  );
};

describe.skipIf(lacking("cc", "ar", "make") !== undefined)("a C program by make -j", () => {
  it("is recorded step by step: its generator, the header that it wrote, the archive; the build's own files are as without", async () => {
    const at = await place();
    const repo = await at.repository(C_PROGRAM, `a "project" ß`);
    expect(await recorded(at, ["make", "-j4"], repo, { PATH })).toEqual({
      schema: "crq-agent/steps-record/1",
      ok: true,
      exit: 0,
      data: {
        file: "steps/steps.jsonl",
        steps: expect.arrayContaining([expect.stringMatching(/^step-\d{4}-cc-gen$/u)]),
        exit: 0,
        leftOut: { failed: 0, traceless: 0 },
      },
      diagnostics: [],
    });
    const records = await recordsOf(repo);
    const c = "c_compiler_invocation";
    expect(wiring(records)).toEqual({
      "cc-gen": { type: c, inputs: ["@source@/gen.c"], outputs: ["@build@/gen"], depends: [] },
      "gen-table.h": { type: "program_run", inputs: ["@build@/gen"], outputs: ["@build@/table.h"], depends: ["cc-gen"] },
      "cc-main.o": {
        type: c,
        inputs: ["@source@/include/table-lib.h", "@source@/main.c"],
        outputs: ["@build@/main.o"],
        depends: [],
      },
      "cc-twice.o": {
        type: c,
        inputs: ["@source@/include/table-lib.h", "@source@/twice.c"],
        outputs: ["@build@/twice.o"],
        depends: [],
      },
      "cc-look.o": {
        type: c,
        inputs: ["@build@/table.h", "@source@/include/table-lib.h", "@source@/look.c"],
        outputs: ["@build@/look.o"],
        depends: ["gen-table.h"],
      },
      "ar-libtable.a": {
        type: "archiver_invocation",
        inputs: ["@build@/look.o", "@build@/twice.o"],
        outputs: ["@build@/libtable.a"],
        depends: ["cc-look.o", "cc-twice.o"],
      },
      "cc-app": {
        type: c,
        inputs: ["@build@/libtable.a", "@build@/main.o"],
        outputs: ["@build@/app"],
        depends: ["ar-libtable.a", "cc-main.o"],
      },
    });
    const run = records.find(({ type }) => type === "program_run");
    expect(run).toMatchObject({
      command: "@build@/gen",
      args: ["16"],
      env: {},
      cwd: "@source@",
      stdout: "@build@/table.h",
      exit: 0,
    });
    expect(execFileSync(join(repo, "app"), { encoding: "utf8" })).toBe("18 1 2\n");
    expect(execFileSync(join(repo, "gen"), ["2"], { encoding: "utf8" })).toBe("static const int table[] = {0,1,};\n");
    expect((await readdir(repo)).filter((name) => name.startsWith(".crq"))).toEqual([]);
    expect(await at.run(["steps", "check"], { cwd: repo })).toMatchObject({ exit: 0, stdout: "steps: 7 steps are sound.\n" });

    const again = await recorded(at, ["make"], repo, { PATH });
    expect(again).toMatchObject({ ok: false, exit: 1, data: { steps: [], exit: 0 } });
    expect(await recordsOf(repo)).toEqual(records);

    const empty = await at.run(["steps", "record", "--out", "none", "--", "make"], { cwd: repo, env: { PATH } });
    expect(empty).toMatchObject({
      exit: 1,
      stdout: expect.stringMatching(/^No step was recorded: the build ran no compiler\. /mu),
    });
    expect(await at.run(["steps", "check", "none"], { cwd: repo })).toMatchObject({
      exit: 1,
      stdout: "there is no step record (*.jsonl); make some with crq-agent steps record -- COMMAND\n",
    });
  });

  it("that fails keeps its exit code and records what ran until then; a failed step claims no output", async () => {
    const at = await place();
    const repo = await at.repository({ ...C_PROGRAM, "look.c": "int look(int i) { return nothing; }\n" });
    const done = await at.run(["steps", "record", "--", "make"], { cwd: repo, env: { PATH } });
    expect(done.exit).toBe(2);
    expect(done.stderr).toContain("nothing");
    expect(done.stdout).toMatch(/^make ended with exit code 2; the steps are those that ran until then\.$/mu);
    const records = await recordsOf(repo);
    expect(records.map(({ tool, outputs, exit }) => ({ tool, outputs, exit }))).toEqual([
      { tool: "cc", outputs: ["@build@/main.o"], exit: 0 },
      { tool: "cc", outputs: ["@build@/gen"], exit: 0 },
      { tool: "gen", outputs: ["@build@/table.h"], exit: 0 },
      { tool: "cc", outputs: [], exit: 1 },
    ]);
    const checked = await at.run(["steps", "check"], { cwd: repo });
    expect(checked).toMatchObject({
      exit: 1,
      stdout: 'steps.jsonl:4: "step-0004-cc-failed" failed with exit code 1; mend the build and record it again\n',
    });
  });
});

describe.skipIf(lacking("cc", "cargo", "rustc") !== undefined)("a Rust program by cargo", () => {
  it("is recorded with its crate, its build script and what that wrote", async () => {
    const at = await place();
    const repo = await at.repository(RUST_PROGRAM);
    const env = await withCrates(at, "itoa-1.0.18");
    expect(await recorded(at, ["cargo", "build", "--offline"], repo, env)).toMatchObject({
      ...{ ok: true, exit: 0, data: { leftOut: { failed: 0, traceless: 0 } } },
    });
    const records = await recordsOf(repo);
    const [rust, deps] = ["rust_compiler_invocation", "@build@/target/debug/deps"];
    expect(wiring(records)).toEqual({
      "rustc-itoa": {
        type: rust,
        inputs: ["@crates@/itoa-1.0.18/src/lib.rs", "@crates@/itoa-1.0.18/src/u128_ext.rs"],
        outputs: [`${deps}/itoa.d`, `${deps}/libitoa.rlib`, `${deps}/libitoa.rmeta`],
        depends: [],
      },
      "rustc-build_script_build": {
        type: rust,
        inputs: ["@source@/build.rs"],
        outputs: ["@build@/target/debug/build/app/build_script_build", "@build@/target/debug/build/app/build_script_build.d"],
        depends: [],
      },
      "build-script-app": {
        type: "build_script_run",
        inputs: ["@build@/target/debug/build/app/build_script_build", "@source@/words.txt"],
        outputs: ["@build@/target/debug/build/app/out/word.rs"],
        depends: ["rustc-build_script_build"],
      },
      "rustc-app": {
        type: rust,
        inputs: ["@build@/target/debug/build/app/out/word.rs", `${deps}/libitoa.rlib`, "@source@/src/main.rs"],
        outputs: [`${deps}/app`, `${deps}/app.d`],
        depends: ["build-script-app", "rustc-itoa"],
      },
    });
    const app = records.find(({ id }) => id.endsWith("rustc-app"));
    expect(app).toMatchObject({ command: "rustc", cwd: "@source@", toolVersion: expect.stringMatching(/^rustc 1\./u) });
    expect(app?.env).toMatchObject({ GREETING: "hello there", CARGO_PKG_NAME: "app", CARGO_MANIFEST_DIR: "@source@" });
    expect(app?.env.OUT_DIR).toMatch(/^@build@\/target\/debug\/build\/app-[0-9a-f]{16}\/out$/u);
    expect(await readFile(join(repo, "steps/steps.jsonl"), "utf8")).not.toContain(at.folder);
    expect(execFileSync(join(repo, "target/debug/app"), { encoding: "utf8" })).toBe("hi hello there 3\n");
    expect(await at.run(["steps", "check"], { cwd: repo })).toMatchObject({ exit: 0, stdout: "steps: 4 steps are sound.\n" });
  });
});
