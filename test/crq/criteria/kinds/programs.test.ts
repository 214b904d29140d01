import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYSTEM } from "../../../../src/crq/criteria/canaries/minimal-flake.ts";
import { placeBash, printingProgram, shellOutput, treeFlake } from "../flakes.ts";
import { observe, type Scenario } from "../observe.ts";
import { type RealPlace, realPlace } from "../real-environment.ts";

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const OUT = "$" + "{out:AC-1.0}";
const BUILD = { kind: "nix-build", attr: `packages.${SYSTEM}.greet` };

/** What the checks behind the build of `greet` say. */
async function afterBuild(scenario: Scenario): Promise<readonly string[]> {
  const change = { "flake.nix": treeFlake(), "tree/bin/greet": printingProgram("greet 1.0.0\n"), ...scenario.change };
  const { lines } = await observe(place, { ...scenario, change, checks: [BUILD, ...(scenario.checks ?? [])] });
  expect(lines[0]).toBe("pass met (build) 1/1: packages.x86_64-linux.greet builds");
  return lines.slice(1);
}

describe("run", () => {
  const run = (more: object): object => ({ kind: "run", argv: [`${OUT}/bin/greet`, "--version"], ...more });

  test("passes when the built program does what is expected", async () => {
    expect(
      await afterBuild({
        checks: [
          run({ stdout: { regex: "^greet \\d+\\.\\d+\\.\\d+$" } }),
          run({ stdout: { equals: "greet 1.0.0" }, stderr: { equals: "" } }),
        ],
      }),
    ).toEqual(['pass met (run) 1/1: exit code 0, stdout "greet 1.0.0"', 'pass met (run) 1/1: exit code 0, stdout "greet 1.0.0"']);
  });

  test("fails on another text, another exit code or a file that was not left", async () => {
    const change = { "tree/bin/three": printingProgram("usage\n", 3) };
    const checks = [
      run({ stdout: { equals: "greet 2.0.0" } }),
      run({ argv: [`${OUT}/bin/three`], stdout: { contains: "usage" } }),
      run({ argv: [`${OUT}/bin/three`], exit: 3 }),
      run({ files: ["out.txt"] }),
      run({ argv: [`${OUT}/bin/nope`], stdout: { contains: "x" } }),
    ];
    const seen = await afterBuild({ change, checks });
    expect(seen.map((line) => line.replace(/\/nix\/store\/[0-9a-z]{32}-/g, "STORE/"))).toEqual([
      'fail mismatch (run) 1/1: stdout is "greet 1.0.0\\n" instead of "greet 2.0.0"',
      "fail exit (run) 1/1: exit code 3 instead of 0",
      'pass met (run) 1/1: exit code 3, stdout "usage"',
      "fail mismatch (run) 1/1: the program left no file out.txt",
      "fail missing (run) 1/1: STORE/greet/bin/nope is not to be had where programs are confined: only the Nix store is seen there",
    ]);
  });

  test("is vacuous when a silent program would pass", async () => {
    expect(await afterBuild({ checks: [run({}), run({ stdout: { regex: "(greet)?" } })] })).toEqual([
      "vacuous nothing-checked (text) 0/0: nothing is expected beyond exit code 0",
      "vacuous nothing-checked (text) 0/0: a program that prints nothing meets the expectation",
    ]);
  });

  test("waits for its build: what has not passed is a prerequisite", async () => {
    const checks = [{ ...BUILD, files: ["bin/nope"] }, run({ stdout: { contains: "greet" } })];
    const change = { "flake.nix": treeFlake(), "tree/bin/greet": printingProgram("greet\n") };
    const { lines } = await observe(place, { change, checks });
    expect(lines[1]).toBe(`skipped prerequisite (text) 0/0: ${OUT} cannot be filled in: its build has not passed`);
  });

  test("hands a program stdin, variables and a copy of the target, and nothing of the machine", async () => {
    const script = [
      "read -r line < /proc/self/fd/0",
      'echo "line=$line greeting=$GREETING home=$HOME user=$UID"',
      "read -r first < README.md && echo readme=$first",
      "echo changed > README.md",
      "[ -e /etc/passwd ] && echo passwd-seen",
      "[ -e /usr/bin ] && echo usr-seen",
      "(echo > /dev/tcp/127.0.0.1/80) 2>/dev/null && echo network-seen",
      "echo left > left.txt",
    ].join("\n");
    const host = place.environment.variables;
    const change = { "tree/script": script, "README.md": "# Greet\n" };
    const seen = await observe(place, {
      base: { "README.md": "# Greet\n" },
      change: { "flake.nix": treeFlake(), "tree/bin/greet": printingProgram("x"), ...change },
      prepare: (directory) => placeBash(join(directory, "tree")),
      checks: [
        BUILD,
        run({
          argv: [`${OUT}/tools/bash`, `${OUT}/script`],
          cwd: ".",
          stdin: "one line\n",
          env: { GREETING: "hi", SYSTEM },
          files: ["left.txt"],
          stdout: { equals: "line=one line greeting=hi home=/homeless user=65534\nreadme=# Greet\n" },
        }),
      ],
    });
    expect(host).not.toHaveProperty("GREETING");
    expect(seen.lines[1]).toBe(
      'pass met (run) 1/1: exit code 0, stdout "line=one line greeting=hi home=/homeless user=65534\\nreadme=# Greet"',
    );
    expect(existsSync(join(seen.directory, "left.txt"))).toBe(false);
  });

  test("is stopped after its time, and judged by no part of endless output", async () => {
    const prepare = (directory: string): void => placeBash(join(directory, "tree"));
    const bash = (script: string): object =>
      run({ argv: [`${OUT}/tools/bash`, "-c", script], timeout: 2, stdout: { contains: "x" } });
    const flood = "x=$(printf 'x%.0s' {1..100000}); for ((i = 0; i < 100; i++)); do echo $x; done";
    const change = { "flake.nix": treeFlake(), "tree/bin/greet": printingProgram("x") };
    const { results } = await observe(place, {
      change,
      prepare,
      checks: [BUILD, bash("while :; do :; done"), bash(flood), bash("kill -9 $$")],
    });
    expect(results.slice(1).map(({ verdict, code }) => [verdict, code])).toEqual([
      ["fail", "timeout"],
      ["fail", "output-limit"],
      ["fail", "exit"],
    ]);
  });

  test("needs no network, since there is none", async () => {
    expect(await afterBuild({ checks: [run({ network: true, stdout: { contains: "greet" } })] })).toEqual([
      "unavailable no-network (text) 0/0: the check asks for network, and an offline world has none",
    ]);
  });

  test("is unavailable where programs cannot be confined, unless that is waived by --unsafe-local", async () => {
    const environment = { ...place.environment, confine: () => "bubblewrap is missing" };
    const checks = [{ kind: "run", argv: ["echo", "hello"], stdout: { contains: "hello" } }];
    const there = await observe(place, { checks, options: { environment } });
    const unsafe = await observe(place, { checks, options: { environment, unsafeLocal: true } });
    expect([...there.lines, ...unsafe.lines]).toEqual([
      "unavailable no-confinement (build) 0/1: programs cannot be confined here: bubblewrap is missing; --unsafe-local runs them without",
      'pass met (run) 1/1: exit code 0, stdout "hello"',
    ]);
  });
});

describe("dev-shell", () => {
  const shell = (argv: readonly string[], more: object = {}): object => ({ kind: "dev-shell", run: { argv, ...more } });
  const flake = (hook = ""): Readonly<Record<string, string>> => ({ "flake.nix": treeFlake(shellOutput(hook)) });
  const tools = (more: object = {}) => ({ "tools/tool": printingProgram("tool 1.0\n"), ...more });
  const prepare = placeBash;

  test("passes when the program of the shell runs", async () => {
    const seen = await observe(place, {
      change: { ...flake(), ...tools() },
      prepare,
      checks: [shell(["tool", "--version"], { stdout: { regex: "^tool \\d" } })],
    });
    expect(seen.lines).toEqual(["pass met (run) 1/1: tool --version runs in devShells.x86_64-linux.default from the Nix store"]);
    expect(seen.results[0]).toMatchObject({
      argv: ["nix", "develop", ".#default", "--ignore-environment", "-c", "tool", "--version"],
      exit: 0,
    });
  });

  test("fails when the shell is missing, lacks the program or the program does something else", async () => {
    const checks = [shell(["tool"], { stdout: { contains: "other" } }), shell(["cargo"], { stdout: { contains: "cargo" } })];
    const seen = await observe(place, { change: { ...flake(), ...tools() }, prepare, checks });
    expect(seen.lines[0]).toBe('fail exit (run) 1/1: tool: stdout does not contain "other": "tool 1.0\\n"');
    expect(seen.lines[1]).toMatch(/^fail exit \(run\) 1\/1: cargo: exit code 127 instead of 0 /);
    const without = await observe(place, { change: { "flake.nix": treeFlake() }, checks });
    expect(without.lines[0]).toBe("fail missing (eval) 1/1: devShells.x86_64-linux.default does not exist");
  });

  test("is vacuous when the program comes from the machine", async () => {
    const hook = "export PATH=/usr/bin:$PATH";
    const checks = [shell(["env"], { stdout: { contains: "PATH" } }), shell(["/usr/bin/env"], { stdout: { contains: "PATH" } })];
    const seen = await observe(place, { change: { ...flake(hook), ...tools() }, prepare, checks });
    expect(seen.lines).toEqual([
      "vacuous stub (run) 1/1: env comes from /usr/bin, not from the Nix store",
      "vacuous stub (run) 1/1: /usr/bin/env is named by a path outside the Nix store",
    ]);
  });

  test("is vacuous when the shell's hook says what the program was to say", async () => {
    const checks = [shell(["quiet"], { stdout: { contains: "tool 1.0" } })];
    const change = { ...flake("echo tool 1.0"), "tools/quiet": printingProgram("") };
    expect((await observe(place, { change, prepare, checks })).lines).toEqual([
      "vacuous stub (run) 1/1: what quiet was to print is printed by the shell's own hook",
    ]);
  });

  test("a check that changes the target fails, and only that one", async () => {
    const change = { ...flake(), ...tools({ "tools/dirty": "#!/bin/sh\necho > dropped.txt; echo tool\n" }) };
    const checks = [shell(["dirty"], { stdout: { contains: "tool" } }), shell(["tool"], { stdout: { contains: "tool" } })];
    expect((await observe(place, { change, prepare, checks })).lines).toEqual([
      "fail mutated (run) 1/1: the check changed the target: ?? dropped.txt",
      "pass met (run) 1/1: tool runs in devShells.x86_64-linux.default from the Nix store",
    ]);
  });
});

describe("command", () => {
  const command = (more: object): object => ({ kind: "command", why: "nothing typed fits", ...more });
  const prepare = placeBash;
  const change = { "flake.nix": treeFlake(shellOutput()), "tools/tool": printingProgram("tool 1.0\n") };

  test("runs in a copy of the target with the programs of the flake's shell", async () => {
    const checks = [
      command({
        script: "tool | { read -r word version; echo got-$version; }; echo x > flake.nix",
        stdout: { contains: "got-1.0" },
      }),
      command({ argv: ["tool"], stdout: { equals: "tool 1.0" } }),
      command({ script: "read -r line < README.md; [[ $line == '# Greet' ]]" }),
    ];
    const seen = await observe(place, { change, prepare, checks });
    expect(seen.lines).toEqual([
      'pass met (run) 1/1: exit code 0, stdout "got-1.0"',
      'pass met (run) 1/1: exit code 0, stdout "tool 1.0"',
      'pass met (run) 1/1: exit code 0, stdout ""',
    ]);
  });

  test("stops at the first failing command, also in a pipe", async () => {
    const checks = [
      command({ script: "false | tool\necho late" }),
      command({ script: "echo $UNSET_NAME" }),
      command({ script: "nope" }),
    ];
    const { results } = await observe(place, { change, prepare, checks: checks.map((one) => ({ ...one })) });
    expect(results.map(({ verdict, code, exit }) => [verdict, code, exit])).toEqual([
      ["fail", "exit", 1],
      ["vacuous", "stub", undefined],
      ["fail", "exit", 127],
    ]);
  });

  test("is vacuous when the script is constant", async () => {
    const checks = [
      command({ script: "exit 0" }),
      command({ script: "tool || true" }),
      command({ script: "tool || echo failed" }),
      command({ argv: ["echo", "ok"] }),
      command({ argv: ["bash", "-c", "tool || true"] }),
      command({ argv: ["env", "true"] }),
      command({ script: "tool || { true; }" }),
      command({ script: "if tool; then :; fi" }),
      command({ script: "set +e; tool; true" }),
    ];
    expect((await observe(place, { change, prepare, checks })).results.map(({ verdict, code }) => [verdict, code])).toEqual(
      Array(9).fill(["vacuous", "stub"]),
    );
  });

  test("fails where the flake has no shell to take bash from", async () => {
    expect(
      (await observe(place, { checks: [command({ script: "tool" }), command({ argv: ["x"], script: "y" })] })).lines,
    ).toEqual([
      "fail missing (run) 1/1: bash is not to be had where programs are confined: only the Nix store is seen there",
      "fail mismatch (parse) 0/0: the check needs either argv or script",
    ]);
  });
});
