import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockNixpkgs } from "../../../src/jobs/nixpkgs-lock.ts";
import { generateStepFlakes } from "../../../src/jobs/steps/flakes.ts";
import { execute, type Finished } from "../../../src/system/process.ts";
import { type OpenWorld, openWorldForTests } from "../../program/open-world.ts";
import { writeFiles } from "../../program/place.ts";
import { input, jsonLines, record } from "./records.ts";

/** Step flakes, built by real Nix: what the calls see, what they make, and what is built again after a change. */

/** New in every run, so that nothing of it is in the store yet. */
const RUN = randomUUID();

const NASTY = ["two words", "$HOME", "`id`", "''${x}", "'\"'", "*", "a\\b", "&", "", "@source", "é"];

const SHOW = `// ${RUN}
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int count, char **words) {
  for (int at = 1; at < count; at++) printf("[%s]\\n", words[at]);
  printf("WORD=%s\\n", getenv("WORD"));
  FILE *source = fopen("notes.txt", "a");
  printf("source: %s\\n", source ? "writable" : "read-only");
  FILE *other = fopen("other.txt", "r");
  printf("a file that no input names: %s\\n", other ? "there" : "absent");
  printf("PATH of the machine: %s\\n", strstr(getenv("PATH"), "/usr/") ? "there" : "absent");
  char line[40];
  if (fgets(line, sizeof line, stdin)) printf("stdin: %s\\n", line);
  return 0;
}
`;

const RECORDS = [
  record({ seq: 1, args: ["-o", "out/show", "show.c"], inputs: [input("@source@/show.c")], outputs: ["@build@/out/show"] }),
  record({
    seq: 2,
    type: "program_run",
    command: "@build@/out/show",
    args: [...NASTY, "--to=@build@/x"],
    env: { WORD: "a 'b' $c" },
    stdin: "@source@/notes.txt",
    stdout: "@build@/shown.txt",
    inputs: [input("@build@/out/show"), input("@source@/notes.txt")],
    outputs: ["@build@/shown.txt"],
    depends: ["step-0001-cc"],
  }),
  record({ seq: 3, args: ["-c", "lib.c", "-o", "lib.o"], inputs: [input("@source@/lib.c")], outputs: ["@build@/lib.o"] }),
  record({
    seq: 4,
    type: "archiver_invocation",
    command: "ar",
    args: ["rcs", "lib.a", "lib.o"],
    inputs: [input("@build@/lib.o")],
    outputs: ["@build@/lib.a"],
    depends: ["step-0003-cc"],
  }),
  record({
    seq: 5,
    args: ["-o", "app", "@source@/main.c", "@build@/lib.a"],
    toolVersion: "cc of long ago 1.0",
    cwd: "@build@",
    inputs: [input("@source@/main.c"), input("@build@/lib.a")],
    outputs: ["@build@/app"],
    depends: ["step-0004-ar"],
  }),
];

let world: OpenWorld;
let project: string;

beforeAll(async () => {
  world = await openWorldForTests();
  project = join(world.base, "project");
  await writeFiles(project, {
    "show.c": SHOW,
    "lib.c": `// ${RUN}\nint number(void) { return 6; }\n`,
    "main.c": `// ${RUN}\n#include <stdio.h>\nint number(void);\nint main(void) { printf("%d\\n", number() * 7); return 0; }\n`,
    "notes.txt": "first line\n",
    "other.txt": `${RUN}\n`,
    "steps/steps.jsonl": jsonLines(RECORDS),
  });
  git("init", "--quiet");
  git("add", "--all");
  const nixpkgs = "github:NixOS/nixpkgs/nixos-26.05";
  const { nix } = world.open;
  const locked = await lockNixpkgs({ locks: [], nixpkgs, nix, run: {} });
  const generated = await generateStepFlakes({
    directory: project,
    folder: "steps",
    source: ".",
    nixpkgs,
    nixpkgsLock: locked.ok ? locked.flake : undefined,
    systems: [nix.system],
  });
  expect(generated).toMatchObject({ ok: true, steps: 5 });
  if (generated.ok) await writeFiles(project, Object.fromEntries(generated.files.map(({ path, text }) => [path, text])));
  git("add", "--all");
});

afterAll(() => world?.close());

const git = (...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: project, encoding: "utf8" });

function inWorld(argv: readonly string[]): Promise<Finished> {
  const { environment } = world.open;
  return execute({
    argv: environment.wrap(argv, { cwd: project, writable: [] }),
    cwd: project,
    env: { ...environment.variables },
    timeoutMs: 120_000,
  });
}

/** Builds by the locks as they are; the names of the derivations that Nix built, and the outputs. */
async function build(
  ...attributes: readonly string[]
): Promise<{ built: readonly string[]; outputs: readonly string[]; log: string }> {
  const flakes = attributes.map((attribute) => `git+file://${project}?dir=steps#${attribute}`);
  const finished = await inWorld(["nix", "build", "--no-link", "--print-out-paths", "--no-update-lock-file", "-L", ...flakes]);
  if (finished.exit !== 0) throw new Error(finished.stderr);
  const built = [...finished.stderr.matchAll(/^building '\/nix\/store\/[0-9a-z]{32}-(.*)\.drv'/gmu)].map(
    ([, name]) => name ?? "",
  );
  return { built: built.toSorted(), outputs: finished.stdout.trim().split("\n"), log: finished.stderr };
}

describe("step flakes", () => {
  it("build what was recorded: the words, the streams, read-only sources, no other files, and a program that works", async () => {
    const { built, outputs, log } = await build("default", "step002");
    expect(built.filter((name) => name !== "source")).toEqual([
      "step-0001-cc",
      "step-0002-show",
      "step-0003-cc",
      "step-0004-ar",
      "step-0005-cc",
      "steps",
    ]);
    expect(log).toContain('note: recorded with "cc of long ago 1.0", built with "');
    const [joined = "", shown = ""] = outputs;
    const text = await readFile(join(world.open.environment.hostPath(shown), "build/shown.txt"), "utf8");
    expect(text.split("\n")).toEqual([
      ...NASTY.map((word) => `[${word}]`),
      "[--to=/build/build/x]",
      "WORD=a 'b' $c",
      "source: read-only",
      "a file that no input names: absent",
      "PATH of the machine: absent",
      "stdin: first line",
      "",
      "",
    ]);
    expect(await inWorld([`${joined}/bin/app`])).toMatchObject({ exit: 0, stdout: "42\n" });
    // As the program is run by its name.
    expect(await inWorld(["nix", "run", "--no-update-lock-file", `git+file://${project}?dir=steps`])).toMatchObject({
      stdout: "42\n",
    });
    // Nix would have written them so itself.
    expect(
      (await inWorld(["nix", "flake", "metadata", "--no-update-lock-file", `git+file://${project}?dir=steps/step005`])).exit,
    ).toBe(0);
  });

  it("build again what a changed file leads to, and nothing else", async () => {
    await writeFile(join(project, "lib.c"), `// ${RUN}\nint number(void) { return 7; }\n`);
    const after = await build("default", "step002");
    expect(after.built).toEqual(["step-0003-cc", "step-0004-ar", "step-0005-cc", "steps"]);
    expect(await inWorld([`${after.outputs[0]}/bin/app`])).toMatchObject({ stdout: "49\n" });
    await writeFile(join(project, "other.txt"), "changed\n");
    expect((await build("default", "step002")).built).toEqual([]);
  });

  it("fail where a recorded output is not made, or is empty", async () => {
    const failure = async (outputs: string): Promise<string> => {
      const path = join(project, "steps/step003/flake.nix");
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace('outputs = [ "lib.o" ];', outputs));
      const said = await build("step003").catch((error: Error) => error.message);
      await writeFile(path, text);
      return typeof said === "string" ? said : "it built";
    };
    expect(await failure('outputs = [ "lib.o" "lib.d" ];')).toContain("error: the recorded output lib.d was not made");
    expect(await failure('stdout = "@build@/log"; outputs = [ "lib.o" "log" ];')).toContain(
      "error: the recorded output log is empty, and was not when it was recorded",
    );
  });
});
