import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRecords, type StepRecord } from "../../../src/repo/steps/records.ts";
import { lacking, HOST_PATH as PATH } from "../host-tools.ts";
import { place } from "../place.ts";

/** A build under `steps record` is the build it was: streams, open files, signals, programs; and nothing of the person ends up in a record. */

const readText = (repo: string): Promise<string> => readFile(join(repo, "steps", "steps.jsonl"), "utf8");
const records = (text: string): readonly StepRecord[] => parseRecords("steps.jsonl", text).records;

const COPY_FROM = (descriptor: number): string =>
  `#include <unistd.h>\nint main(void) { char c; while (read(${descriptor}, &c, 1) == 1) write(1, &c, 1); return 0; }\n`;

describe.skipIf(lacking("cc", "make", "sed", "cp") !== undefined)("a build under steps record", () => {
  it("hands on standard input and open files, finds a compiler by path, and copies real programs", async () => {
    const at = await place();
    const cc = execFileSync("sh", ["-c", "command -v cc"], { encoding: "utf8", env: { PATH } }).trim();
    const repo = await at.repository({
      "in.c": COPY_FROM(0),
      "three.c": COPY_FROM(3),
      "words.txt": "one\n",
      "more.txt": "three\n",
      "build.sh": [
        "set -e",
        '"$CC" -o in in.c && "$CC" -o three three.c',
        "./in < words.txt > out.h",
        "./three 3< more.txt > three.h",
        "sed s/one/two/ out.h > two.h",
        "cp in copy && ./copy < words.txt > from-copy.h",
        "",
      ].join("\n"),
      ".gitignore": "/in\n/three\n/copy\n*.h\n/steps\n",
    });
    const done = await at.run(["steps", "record", "--also", "sed", "--", "sh", "build.sh"], { cwd: repo, env: { PATH, CC: cc } });
    expect(done.stderr).toBe("");
    expect(done.exit).toBe(0);
    const texts = Object.fromEntries(
      await Promise.all(["out.h", "three.h", "two.h"].map(async (name) => [name, await readFile(join(repo, name), "utf8")])),
    );
    expect(texts).toEqual({ "out.h": "one\n", "three.h": "three\n", "two.h": "two\n" });
    const text = await readText(repo);
    expect(
      records(text).map(({ type, command, args, stdin, stdout, inputs, outputs }) => ({
        ...{ type, command, args, stdin, stdout },
        ...{ inputs: inputs.map(({ path }) => path), outputs },
      })),
    ).toEqual([
      {
        ...{ type: "c_compiler_invocation", command: "cc", args: ["-o", "in", "in.c"], stdin: undefined, stdout: undefined },
        ...{ inputs: ["@source@/in.c"], outputs: ["@build@/in"] },
      },
      {
        ...{
          type: "c_compiler_invocation",
          command: "cc",
          args: ["-o", "three", "three.c"],
          stdin: undefined,
          stdout: undefined,
        },
        ...{ inputs: ["@source@/three.c"], outputs: ["@build@/three"] },
      },
      {
        ...{ type: "program_run", command: "@build@/in", args: [], stdin: "@source@/words.txt", stdout: "@build@/out.h" },
        ...{ inputs: ["@build@/in", "@source@/words.txt"], outputs: ["@build@/out.h"] },
      },
      {
        ...{ type: "program_run", command: "@build@/three", args: [], stdin: undefined, stdout: "@build@/three.h" },
        ...{ inputs: ["@build@/three"], outputs: ["@build@/three.h"] },
      },
      {
        ...{ type: "program_run", command: "sed", args: ["s/one/two/", "out.h"], stdin: undefined, stdout: "@build@/two.h" },
        ...{ inputs: ["@build@/out.h"], outputs: ["@build@/two.h"] },
      },
    ]);
    for (const name of ["in", "three", "copy"]) {
      expect((await readFile(join(repo, name))).subarray(0, 2).toString("latin1"), name).not.toBe("#!");
    }
    expect((await readdir(repo)).filter((name) => name.startsWith(".crq"))).toEqual([]);
  });

  it("is ended by a signal as without: the compiler that ran is told, and claims no output", async () => {
    const at = await place();
    const repo = await at.repository({
      Makefile: "all:\n\tcc -c a.c\n\t$(CC) -c b.c\n",
      "a.c": "int a;\n",
      "b.c": "int b;\n",
      "slow-cc": "#!/bin/sh\ntouch started b.o\nexec sleep 300\n",
      ".gitignore": "*.o\n/started\n/steps\n",
    });
    await chmod(join(repo, "slow-cc"), 0o755);
    const done = await at.run(["steps", "record", "--", "make"], {
      cwd: repo,
      env: { PATH, CC: "./slow-cc" },
      onStart: (child) => {
        const look = setInterval(() => {
          if (!existsSync(join(repo, "started"))) return;
          clearInterval(look);
          child.kill("SIGTERM");
        }, 100);
      },
    });
    expect({ exit: done.exit, signal: done.signal }).toEqual({ exit: 143, signal: null });
    expect(records(await readText(repo)).map(({ command, args, outputs, exit }) => ({ command, args, outputs, exit }))).toEqual([
      { command: "cc", args: ["-c", "a.c"], outputs: ["@build@/a.o"], exit: 0 },
      { command: "@source@/slow-cc", args: ["-c", "b.c"], outputs: [], exit: 143 },
    ]);
  });

  it("writes no secret down: not of the environment, not of arguments, not of file names; vendors' keys reach no child", async () => {
    const at = await place();
    const secrets = {
      ANTHROPIC_API_KEY: `sk-ant-api03-${"k9".repeat(24)}`,
      DEPLOY_PASSWORD: "correct horse battery",
      CFLAGS_EXTRA: `-DKEY=ghp_${"B3".repeat(20)}`,
    };
    const named = `github_pat_${"a1".repeat(25)}`;
    const repo = await at.repository({
      Makefile: [
        "all:",
        '\ttest -z "$$ANTHROPIC_API_KEY"',
        '\ttest -n "$$DEPLOY_PASSWORD"',
        `\tcc -DPASSWORD="\\"$$DEPLOY_PASSWORD\\"" $(CFLAGS_EXTRA) -c ${named}.c -o a.o`,
        "",
      ].join("\n"),
      [`${named}.c`]: "const char *password = PASSWORD;\n",
    });
    const done = await at.run(["steps", "record", "--", "make"], { cwd: repo, env: { PATH, ...secrets } });
    expect(done.exit, done.stderr).toBe(0);
    const text = await readText(repo);
    for (const secret of [...Object.values(secrets), named, at.home, "PATH", "LANG"]) expect(text).not.toContain(secret);
    expect(records(text)).toMatchObject([
      {
        args: ['-DPASSWORD="[key removed]"', "-DKEY=[key removed]", "-c", "[key removed].c", "-o", "a.o"],
        env: {},
        inputs: [{ path: "@source@/[key removed].c" }],
        outputs: ["@build@/a.o"],
      },
    ]);
  });
});

describe.skipIf(lacking("cc", "rustc") !== undefined)("a source that reads a secret while it is compiled", () => {
  it("is recorded without its value, and the record says what was held back", async () => {
    const at = await place();
    const repo = await at.repository({ "a.rs": 'fn main() { println!("{}{}", env!("UPLOAD_TOKEN").len(), env!("NAME")); }\n' });
    const env = { PATH, UPLOAD_TOKEN: "hunter2hunter2", NAME: "pat" };
    expect((await at.run(["steps", "record", "--", "rustc", "a.rs"], { cwd: repo, env })).exit).toBe(0);
    const text = await readText(repo);
    expect(text).not.toContain(env.UPLOAD_TOKEN);
    const [step] = text.split("\n").slice(0, -1);
    expect(JSON.parse(step ?? "")).toMatchObject({ env: { NAME: "pat" }, withheld: ["UPLOAD_TOKEN"], outputs: ["@build@/a"] });
  });
});
