import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { NixResult } from "../../src/nix/nix.ts";
import { createNix, hostSystem } from "../../src/nix/run.ts";
import { git } from "../../src/system/git.ts";
import { derivation, NixPlace } from "./place.ts";

const place = new NixPlace();
const { nix } = place;
afterAll(() => place.close());

/** What a reader of a failure sees first. */
function failure(result: NixResult<unknown>): unknown {
  if (result.ok) return "succeeded";
  const [{ kind, stage, message, position, derivation: drv }] = result.diagnoses;
  return {
    why: result.why,
    kind,
    stage,
    message,
    ...(position && { at: `${position.file}:${position.line}:${position.column}` }),
    ...(drv && { derivation: `${drv.owner} ${drv.name}` }),
  };
}

const outputs = (text: string): string => `{ outputs = { self }: ${text}; }`;
const packages = (text: string): string => outputs(`{ packages.x86_64-linux = ${text}; }`);
const store = (path: string | undefined): string => readFileSync(place.environment.hostPath(path ?? ""), "utf8");

describe("a flake that builds", () => {
  test("is evaluated, built and logged, whatever its folder is called", async () => {
    const flake = await place.flake('it\'s a "flake" ünïcode #1?', {
      "flake.nix": outputs(`{
        packages.x86_64-linux.default = ${derivation("hello-1.0", "echo building >&2; echo hi > $out")};
        packages.x86_64-linux."two.parts" = ${derivation("two-1.0", "echo two > $out")};
        packages.aarch64-linux.default = 1;
      }`),
    });
    const before = nix.processes;
    expect(await nix.evaluate(flake, "packages.x86_64-linux.default.name")).toMatchObject({ ok: true, value: "hello-1.0" });
    expect(await nix.evaluate(flake, "packages", { apply: "builtins.attrNames" })).toMatchObject({
      ok: true,
      value: ["aarch64-linux", "x86_64-linux"],
    });
    expect(await nix.evaluate(flake, "", { apply: "builtins.attrNames" })).toMatchObject({ ok: true, value: ["packages"] });
    expect(nix.processes - before).toBe(3);
    const progress: string[] = [];
    const built = await nix.build(flake, ['packages.x86_64-linux."two.parts"', "packages.x86_64-linux.default"], {
      onProgress: (line) => progress.push(line),
    });
    if (!built.ok) expect.fail(built.log);
    expect(
      built.value.map(({ installable, drvPath, outputs: paths }) => [installable, drvPath.slice(44), store(paths.out)]),
    ).toEqual([
      ['packages.x86_64-linux."two.parts"', "two-1.0.drv", "two\n"],
      ["packages.x86_64-linux.default", "hello-1.0.drv", "hi\n"],
    ]);
    expect(nix.processes - before).toBe(5);
    expect(progress.some((line) => line.includes("hello-1.0"))).toBe(true);
    const drv = built.value[1]?.drvPath ?? "";
    expect(await nix.log(drv)).toBe("building\n");
    expect(await nix.log(`${drv}^*`)).toBe("building\n");
    expect(await nix.build(flake, [`${drv}^*`])).toMatchObject({ ok: true, value: [{ installable: `${drv}^*`, drvPath: drv }] });
    expect(await nix.log("/nix/store/00000000000000000000000000000000-none.drv")).toBeUndefined();
  });

  test("a build that gives other bytes the second time is no success of a rebuild", async () => {
    const flake = await place.flake("random", {
      "flake.nix": packages(`{ default = ${derivation("random-1", "echo $RANDOM$RANDOM$RANDOM > $out")}; }`),
    });
    expect(failure(await nix.build(flake, ["packages.x86_64-linux.default"], { rebuild: true }))).toEqual({
      why: "failed",
      kind: "unknown",
      stage: "build",
      message: "a second build of random-1 gave other bytes",
      derivation: "own random-1",
    });
  });

  test("only tracked files are seen", async () => {
    const flake = await place.flake("untracked", {
      "flake.nix": packages(`{ default = ${derivation("x", "cat ${./text} > $out")}; }`),
    });
    writeFileSync(join(flake, "text"), "here");
    expect(failure(await nix.evaluate(flake, "packages.x86_64-linux.default.drvPath"))).toEqual({
      why: "failed",
      kind: "untracked-file",
      stage: "eval",
      message: expect.stringContaining("'text'"),
      at: "flake.nix:1:133",
    });
    await git(["add", "--intent-to-add", "text"], { cwd: flake });
    expect(await nix.evaluate(flake, "packages.x86_64-linux.default.name")).toMatchObject({ ok: true, value: "x" });
  });

  test("a flake in a folder of the repository, and one outside git", async () => {
    const root = await place.flake("nested", {
      "sub dir/flake.nix": outputs('{ a = "sub"; }'),
      "flake.nix": outputs('{ a = "root"; }'),
    });
    expect(await nix.evaluate(join(root, "sub dir"), "a")).toMatchObject({ ok: true, value: "sub" });
    const plain = join(place.root, "plain");
    mkdirSync(plain);
    writeFileSync(join(plain, "flake.nix"), outputs('{ a = "plain"; }'));
    expect(await nix.evaluate(plain, "a")).toMatchObject({ ok: true, value: "plain" });
  });
});

describe("what fails says why", () => {
  test("the innermost derivation of a chain, with its own log", async () => {
    const flake = await place.flake("chain", {
      "flake.nix": packages(`rec {
        app-deps = ${derivation("app-deps-1.0", "echo compiling; echo 'error: linker `cc` not found' >&2; exit 101")};
        default = ${derivation("app-1.0", "echo ${app-deps} > $out").replaceAll("\\${", "${")};
      }`),
    });
    const result = await nix.build(flake, ["packages.x86_64-linux.default"]);
    expect(failure(result)).toEqual({
      why: "failed",
      kind: "build-tool-missing",
      stage: "build",
      message: "error: linker `cc` not found",
      derivation: "own-deps app-deps-1.0",
    });
    expect(result.log).toContain("--- app-deps-1.0 (/nix/store/");
    expect(result.log).toContain("compiling\nerror: linker `cc` not found");
  });

  test("evaluation, by its place in the flake", async () => {
    const flake = await place.flake("eval", {
      "flake.nix": "{\n  outputs = { self }: {\n    a = let x = { foo = 1; }; in x.fo;\n  };\n}\n",
    });
    expect(failure(await nix.evaluate(flake, "a"))).toEqual({
      why: "failed",
      kind: "attribute",
      stage: "eval",
      message: "attribute 'fo' missing; did you mean 'foo'?",
      at: "flake.nix:3:34",
    });
    expect(failure(await nix.build(flake, ["packages.x86_64-linux.default"]))).toMatchObject({
      kind: "missing-output",
      message: "the flake has no packages.x86_64-linux.default",
    });
    expect(failure(await nix.build(flake, ['packages."unclosed']))).toMatchObject({
      message: "'packages.\"unclosed' is no attribute path",
    });
  });

  test("an endless evaluation is stopped, and is no verdict", async () => {
    const flake = await place.flake("endless", {
      "flake.nix": outputs(
        "{ a = builtins.foldl' (x: y: builtins.stringLength (toString y)) 0 (builtins.genList (x: x) 500000000); }",
      ),
    });
    const result = await nix.evaluate(flake, "a", { timeoutMs: 1_500 });
    expect(failure(result)).toMatchObject({ why: "timeout", kind: "resources", stage: "eval" });
  });

  test("an evaluation that eats all memory is stopped by its limit", async () => {
    const flake = await place.flake("memory", {
      "flake.nix": outputs(
        '{ a = builtins.stringLength (builtins.foldl\' (x: _: x + x) "0123456789abcdef" (builtins.genList (x: x) 40)); }',
      ),
    });
    const small = createNix({
      environment: place.environment,
      folder: join(place.root, "session"),
      evaluationMemory: 512 * 1024 ** 2,
    });
    expect(failure(await small.evaluate(flake, "a"))).toMatchObject({ why: "failed", kind: "resources", stage: "eval" });
  });

  test("an abort", async () => {
    const flake = await place.flake("slow", {
      "flake.nix": packages(`{ default = ${derivation("slow-1", "echo start; while :; do :; done")}; }`),
    });
    const controller = new AbortController();
    const result = nix.build(flake, ["packages.x86_64-linux.default"], {
      signal: controller.signal,
      onProgress: (line) => {
        if (line.includes("start")) controller.abort();
      },
    });
    expect(failure(await result)).toMatchObject({ why: "aborted", stage: "build" });
  });

  test("several files that do not parse, in one answer", async () => {
    const folder = join(place.root, "parse");
    mkdirSync(folder);
    const texts = { "a.nix": "{ a = 1; }", "b.nix": "{ a = ; }", "c.nix": "''' x", "d.nix": "{ x = y; }", "e.nix": "1" };
    const files = Object.entries(texts).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    const before = nix.processes;
    const result = await nix.parse(files);
    expect(
      result.ok
        ? []
        : result.diagnoses.map(({ kind, position }) => `${kind} ${position?.file.slice(folder.length)}:${position?.line}`),
    ).toEqual(["syntax /b.nix:1", "syntax /c.nix:1", "attribute /d.nix:1"]);
    expect(nix.processes - before).toBe(4);
    expect(await nix.parse([join(folder, "a.nix"), join(folder, "e.nix")])).toMatchObject({ ok: true });
    expect(await nix.parse([])).toMatchObject({ ok: true });
  });
});

test("flake check builds the checks of this system and evaluates the others", async () => {
  const flake = await place.flake("check", {
    "flake.nix": outputs(`{
      checks.x86_64-linux.good = ${derivation("good", "echo > $out")};
      checks.aarch64-linux.good = ${derivation("good", "echo > $out")} // { system = "aarch64-linux"; };
    }`),
  });
  expect(await nix.flakeCheck(flake)).toMatchObject({ ok: true });
  const bad = await place.flake("check-bad", {
    "flake.nix": outputs(`{ checks.x86_64-linux.bad = ${derivation("bad", "echo no; exit 1")}; }`),
  });
  expect(failure(await nix.flakeCheck(bad))).toMatchObject({ why: "failed", derivation: "nixpkgs bad", message: "no" });
});

test("a development shell runs a command and leaves nothing behind", async () => {
  // `nix develop` reads its environment with bash, of which the sandbox has a static one under that name.
  const flake = await place.flake("shell", {
    "flake.nix": outputs(
      `{ devShells.x86_64-linux.default = derivation { name = "shell"; system = "x86_64-linux"; builder = "/bin/bash"; outputs = [ "out" ]; GREETING = "hello"; };
         packages.x86_64-linux.default = 1; }`,
    ),
  });
  const shell = (argv: readonly string[]): Promise<unknown> => nix.develop(flake, "default", argv);
  expect(await shell(["bash", "-c", 'echo "$GREETING"; echo oops >&2; exit 7'])).toMatchObject({
    ok: true,
    value: { exit: 7, stdout: "hello\n", stderr: "oops\n" },
  });
  expect(failure(await nix.develop(flake, "other", ["true"]))).toMatchObject({
    kind: "missing-output",
    message: "the flake has no devShells.x86_64-linux.other",
  });
  expect(readdirSync(join(place.root, "session", "tmp"))).toEqual([]);
});

describe("inputs", () => {
  test("are what flake.nix declares, with the place of each url", async () => {
    const flake = await place.flake("inputs", {
      "flake.nix": `{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    naersk = { url = "github:nix-community/naersk?ref=master"; inputs.nixpkgs.follows = "nixpkgs"; };
    data = { url = "github:o/data"; flake = false; };
    set = { type = "github"; owner = "o"; repo = "r"; ref = "main"; };
    same.follows = "naersk/nixpkgs";
  };
  nixConfig = { extra-substituters = [ "https://cache.example.org" ]; };
  outputs = { self, nixpkgs, naersk, hidden ? null, ... }: throw "never evaluated";
}`,
    });
    expect(await nix.inputs(flake)).toMatchObject({
      ok: true,
      value: {
        inputs: [
          { name: "data", url: "github:o/data", flake: false, overrides: {}, position: { line: 5, column: 14 } },
          {
            name: "naersk",
            url: "github:nix-community/naersk?ref=master",
            overrides: { nixpkgs: { follows: "nixpkgs" } },
            position: { line: 4, column: 16 },
          },
          { name: "nixpkgs", url: "github:NixOS/nixpkgs/nixos-26.05", overrides: {}, position: { line: 3, column: 5 } },
          { name: "same", follows: "naersk/nixpkgs", overrides: {} },
          { name: "set", url: "github:o/r?ref=main", overrides: {} },
        ],
        outputArguments: { nixpkgs: false, naersk: false, hidden: true },
        nixConfig: { "extra-substituters": ["https://cache.example.org"] },
      },
    });
  });

  test("a flake that reads the host while they are asked for is refused, wherever among them it does so", async () => {
    const refused = expect.objectContaining({ why: "failed", stage: "eval" });
    const readings: readonly (readonly [string, unknown])[] = [
      // Variables are not there, files cannot be read, not even asked for, and nothing is fetched.
      ['builtins.getEnv "PATH"', ""],
      ['builtins.getEnv "HOME"', ""],
      ["builtins.readFile /etc/hostname", refused],
      ["builtins.readFile ../check/flake.nix", refused],
      ["builtins.toJSON (builtins.readDir /etc)", refused],
      ["builtins.toJSON (builtins.pathExists /etc/hostname)", "false"],
      ['builtins.readFile "${/etc/hostname}"', refused],
      ["(import /etc/hostname)", refused],
      ['builtins.readFile (builtins.path { path = "/etc/hostname"; })', refused],
      ['builtins.readFile (builtins.fetchurl "https://example.org/x")', refused],
      ['builtins.readFile (builtins.fetchTarball "file:///etc/hostname")', refused],
      // With the feature that brings it, getFlake asks the forge in spite of --restrict-eval.
      ['(builtins.getFlake "github:o/r").rev', refused],
      ["(builtins.getFlake (toString ../check)).outPath", refused],
      ["builtins.readFile <nixpkgs/flake.nix>", refused],
    ];
    const seen: unknown[] = [];
    for (const [expression] of readings) {
      const places = [
        `{ inputs.x.url = "github:o/r?ref=" + ${expression}; outputs = _: { }; }`,
        `{ inputs.x = { url = "github:o/x"; inputs.y.url = "github:o/r?ref=" + ${expression}; }; outputs = _: { }; }`,
      ];
      for (const source of places) {
        const result = await nix.inputs(await place.flake("hostile", { "flake.nix": source }));
        const url = result.ok ? (result.value.inputs[0]?.overrides.y?.url ?? result.value.inputs[0]?.url) : undefined;
        seen.push(result.ok ? url?.replace("github:o/r?ref=", "") : failure(result));
      }
    }
    expect(seen).toEqual(readings.flatMap(([, expected]) => [expected, expected]));
  });

  test("are locked, moved one by one, and asked for a package", async () => {
    const pkgs = await place.flake("some-nixpkgs", {
      "flake.nix": outputs(`{ legacyPackages.x86_64-linux = {
        openssl = ${derivation("openssl-3.0", "echo > $out")} // { pname = "openssl"; version = "3.0"; };
        openssh = 1; libressl = 1; rustPlatform.buildRustPackage = x: x; gone = throw "'gone' has been removed, since it was old";
      }; }`),
    });
    await git(["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "1"], { cwd: pkgs });
    const flake = await place.flake("locks", {
      "flake.nix": `{ inputs.nixpkgs.url = "git+file://${encodeURI(pkgs)}"; outputs = { self, nixpkgs }: { a = nixpkgs.legacyPackages.x86_64-linux.openssl.version; }; }`,
    });
    expect(failure(await nix.evaluate(flake, "a"))).toMatchObject({ kind: "lock-outdated", why: "failed" });
    expect(failure(await nix.attribute(flake, "openssl"))).toMatchObject({ message: "flake.lock holds no nixpkgs" });
    expect(await nix.lock(flake)).toMatchObject({ ok: true });
    await git(["add", "--intent-to-add", "flake.lock"], { cwd: flake });
    expect(await nix.evaluate(flake, "a")).toMatchObject({ ok: true, value: "3.0" });
    const first = readFileSync(join(flake, "flake.lock"), "utf8");

    const facts = async (attribute: string): Promise<unknown> => {
      const result = await nix.attribute(flake, attribute);
      return result.ok ? result.value : failure(result);
    };
    expect(await facts("openssl")).toEqual({
      attribute: "openssl",
      exists: true,
      derivation: true,
      name: "openssl",
      version: "3.0",
      near: [],
    });
    expect(await facts("rustPlatform.buildRustPackage")).toEqual({
      attribute: "rustPlatform.buildRustPackage",
      exists: true,
      derivation: false,
      near: [],
    });
    expect(await facts("opensl")).toEqual({ attribute: "opensl", exists: false, derivation: false, near: ["openssl"] });
    expect(await facts("libssl")).toEqual({
      attribute: "libssl",
      exists: false,
      derivation: false,
      near: ["openssl", "libressl"],
    });
    expect(await nix.buildFromNixpkgs(flake, "openssl")).toMatchObject({
      ok: true,
      value: {
        installable: "openssl",
        drvPath: expect.stringMatching(/-openssl-3\.0\.drv$/u),
        outputs: { out: expect.any(String) },
      },
    });
    expect(await facts("gone")).toMatchObject({ kind: "attribute", message: "'gone' has been removed, since it was old" });

    await git(["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "--allow-empty", "-m", "2"], {
      cwd: pkgs,
    });
    expect(await nix.lock(flake)).toMatchObject({ ok: true });
    expect(readFileSync(join(flake, "flake.lock"), "utf8")).toBe(first);
    expect(await nix.lock(flake, { update: ["nixpkgs"] })).toMatchObject({ ok: true });
    expect(readFileSync(join(flake, "flake.lock"), "utf8")).not.toBe(first);
  });
});

describe("limits of what a flake may do", () => {
  test("nixConfig is not accepted, a build sees no host file, an evaluation no host path", async () => {
    const flake = await place.flake("escape", {
      "flake.nix": `{ nixConfig.sandbox = false; outputs = { self }: { packages.x86_64-linux.default = ${derivation("escape-1", `cat '${place.root}/registry.json' > $out`)}; a = builtins.readFile /etc/hostname; }; }`,
    });
    const built = await nix.build(flake, ["packages.x86_64-linux.default"]);
    expect(failure(built)).toMatchObject({ why: "failed", derivation: "own escape-1" });
    expect(failure(await nix.evaluate(flake, "a"))).toMatchObject({
      kind: "path-outside-source",
      at: expect.stringMatching(/^flake\.nix:1:/u),
    });
  });
});

test("a Nix that cannot be started judges nothing", async () => {
  const broken = createNix({ environment: { ...place.environment, nixBin: "/nowhere" }, folder: join(place.root, "session") });
  const flake = await place.flake("unstarted", { "flake.nix": outputs("{ a = 1; }") });
  const said = {
    why: "unavailable",
    kind: "resources",
    message: expect.stringMatching(/^Nix did not start \(exit code 127\): .*\/nowhere\/nix/u),
  };
  expect(failure(await broken.evaluate(flake, "a"))).toMatchObject(said);
  expect(failure(await broken.develop(flake, "default", ["true"]))).toMatchObject(said);
});

describe("where there is no Nix", () => {
  test("every method says what is missing", async () => {
    const environment = { ...place.environment, nixBin: undefined, nixVersion: undefined, missing: "Nix is not installed here" };
    const none = createNix({ environment, folder: join(place.root, "none") });
    const answers = await Promise.all([
      none.parse(["/x.nix"]),
      none.inputs("/x"),
      none.lock(place.root),
      none.evaluate(place.root, "a"),
      none.build(place.root, ["a"]),
      none.flakeCheck(place.root),
      none.develop(place.root, "default", ["true"]),
    ]);
    expect(answers.map(failure)).toEqual(
      (["parse", "eval", "eval", "eval", "eval", "check", "run"] as const).map((stage) => ({
        why: "unavailable",
        kind: "unknown",
        stage,
        message: "Nix is not installed here",
      })),
    );
    expect(await none.log("/nix/store/x.drv")).toBeUndefined();
    expect([none.version, none.system, none.processes]).toEqual(["none", hostSystem(), 0]);
    expect(existsSync(join(place.root, "none"))).toBe(false);
  });
});
