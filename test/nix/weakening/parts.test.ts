import { describe, expect, test } from "vitest";
import { weakeningsOfChange } from "../../../src/nix/weakening.ts";

/** Phases, hooks, flags and inputs by their texts: the only word on a flake that did not evaluate before. */

const found = (
  files: Readonly<Record<string, readonly [before: string | undefined, after: string | undefined]>>,
  unused = false,
): readonly string[] =>
  weakeningsOfChange(Object.entries(files).map(([path, [before, after]]) => ({ path, before, after, unused }))).map(
    ({ pattern, what = "" }) => `${pattern} ${what}`,
  );

const SMOKE = "{ installCheckPhase = ''\n  $out/bin/tally --version | grep -q 1.0\n''; }";

describe("a part of a derivation that is gone", () => {
  test.each([
    [
      "a phase",
      SMOKE,
      "{ }",
      ["phase removed installCheckPhase: tally --version", "phase removed installCheckPhase: grep -q 1.0"],
    ],
    [
      "a phase that nobody minds",
      SMOKE,
      SMOKE.replace("1.0", "1.0 || touch $out"),
      ["phase removed installCheckPhase: tally --version", "phase removed installCheckPhase: grep -q 1.0"],
    ],
    ["a hook that is no text", "{ postInstall = common.hook; }", "{ }", ["phase removed postInstall"]],
    [
      "a switch",
      "{ doInstallCheck = true; dontStrip = true; }",
      "{ }",
      ["doCheck = false doInstallCheck", "setting removed dontStrip"],
    ],
    ["tools for the tests", "{ nativeCheckInputs = [ pkgs.git ]; }", "{ }", ["input removed nativeCheckInputs: git"]],
    [
      "flags by which more is tested",
      '{ cargoTestFlags = [ "--workspace" ]; buildFeatures = [ "tls" ]; }',
      "{ }",
      ["test skipped cargoTestFlags: without --workspace", "feature removed buildFeatures: tls"],
    ],
    ["a patch", "{ patches = [ ./paths.patch ]; }", "{ }", ["patch removed patches: ./paths.patch"]],
  ])("%s", (_, before, after, expected) => {
    expect(found({ "flake.nix": [before, after] })).toEqual(expected);
  });

  test.each([
    ["moved to another file", { "flake.nix": [SMOKE, "{ }"], "nix/tally.nix": [undefined, SMOKE] }],
    [
      "moved to a script",
      {
        "flake.nix": [SMOKE, '{ installCheckPhase = "sh ${./smoke.sh}"; }'],
        "smoke.sh": [undefined, '"$1/bin/tally" --version | grep -q 1.0\n'],
      },
    ],
    [
      "moved to a let",
      {
        "flake.nix": [
          SMOKE,
          SMOKE.replace("{ installCheckPhase =", "let smoke =").replace("; }", "; in { installCheckPhase = smoke; }"),
        ],
      },
    ],
    [
      "made a check",
      { "flake.nix": [SMOKE, '{ checks.x.v = run "v" { } "${tally}/bin/tally --version | grep -q 1.0; touch $out"; }'] },
    ],
    ["written in another way", { "flake.nix": [SMOKE, SMOKE.replace("grep -q 1.0", "grep -qF 'tally 1.0'")] }],
    ["a list under its new name", { "flake.nix": ["{ checkInputs = [ pkgs.git ]; }", "{ nativeCheckInputs = [ pkgs.git ]; }"] }],
    ["a test that is skipped no longer", { "flake.nix": ['{ checkFlags = [ "--skip=slow" ]; }', "{ }"] }],
    [
      "what the builder does of its own",
      {
        "flake.nix": [
          "{ buildPhase = ''cargo build --release''; installPhase = ''mkdir -p $out/bin; cp target/release/tally $out/bin/''; }",
          "{ }",
        ],
      },
    ],
    ["what never was code", { "flake.nix": ["{ } # installCheckPhase = ''tally'';", "{ }"] }],
  ] as const)("nobody is accused of: %s", (_, files) => {
    expect(found(files)).toEqual([]);
  });
});

describe("a file that nothing referred to", () => {
  test("was part of nothing, but for the tests that it is by its place", () => {
    expect(found({ "nix/farm.nix": [SMOKE, undefined] }, true)).toEqual([]);
    expect(found({ "nix/farm.nix": ["{ checks.x86_64-linux.a = 1; }", undefined] }, true)).toEqual([]);
    expect(found({ "nix/farm.nix": [SMOKE, undefined] })).not.toEqual([]);
    expect(found({ "tests/farm.nix": [SMOKE, undefined] }, true)).toEqual(["test removed tests/farm.nix"]);
  });
});

describe("a builder that prints what stands in an antiquotation", () => {
  const check = (text: string): string => `{ checks.x.test = run "test" { } ''${text}''; }`;
  const JOINS = "echo ${tested a} ${tested b} > $out";
  test.each([
    ["tested derivations in a new flake", undefined, JOINS, []],
    ["in quotes", undefined, 'printf "%s" "${tested a}" > $out', []],
    ["in place of another one", "echo ${tested a} > $out", JOINS, []],
    ["words", undefined, "echo ok > $out", ["stub builder "]],
    ["the place it prints to", undefined, "mkdir -p ${out}; echo ok > ${placeholder} $out", ["stub builder "]],
    ["nothing", undefined, "touch $out", ["stub builder "]],
    ["in place of a run", "${tally}/bin/tally --version; touch $out", JOINS, ["stub builder "]],
    ["in place of a comparison", "grep -q 1.0 ${log}; touch $out", "echo ${version} > $out", ["stub builder "]],
  ])("%s", (_, before, after, expected) => {
    expect(found({ "flake.nix": [before && check(before), check(after)] })).toEqual(expected);
  });
});
