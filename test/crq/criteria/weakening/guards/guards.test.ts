import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { weakerThan } from "../../../../../src/crq/criteria/weakening/compare.ts";
import { readStrength, type Strength, strengthExpression } from "../../../../../src/crq/criteria/weakening/strength.ts";
import { createNix } from "../../../../../src/nix/run.ts";
import { boundNames } from "../../../../../src/nix/weakening/nix-text.ts";
import { cannotRun, host, shipped, type Tree } from "../../../../world-content/shipped.ts";

/** Phases, hooks, flags, inputs and patches that a change takes from derivations of a real package set, and its near misses; nothing is built. */

const SMOKE = `doInstallCheck = true;
      installCheckPhase = ''
        runHook preInstallCheck
        $out/bin/tally --version | grep -q 1.0
        runHook postInstallCheck
      '';`;
const MAN = `postInstall = ''
        install -Dm644 doc/tally.1 $out/share/man/man1/tally.1
      '';`;
const GENERATES = `preBuild = ''
        mkdir -p generated
        sh ./generate.sh > generated/table.rs
      '';`;
const TESTS = `nativeCheckInputs = [ pkgs.jq ];
      cargoTestFlags = [ "--workspace" "--include-ignored" ];`;
const MADE = 'buildFeatures = [ "tls" ];\n      patches = [ ./paths.patch ];\n      dontStrip = true;';
const RUN = '"run" { } "${tally}/bin/tally --sum 1 2 | grep -qx 3; touch $out"';

interface Parts {
  readonly smoke?: string;
  readonly man?: string;
  readonly generates?: string;
  readonly tests?: string;
  readonly made?: string;
  readonly run?: string;
  readonly src?: string;
  readonly packages?: string;
  readonly checks?: string;
  readonly outputs?: string;
}

const flake = (parts: Parts = {}): string => {
  const {
    smoke = SMOKE,
    man = MAN,
    generates = GENERATES,
    tests = TESTS,
    made = MADE,
    run = RUN,
    src = "./.",
    packages = "",
    checks = "",
  } = parts;
  return `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: let
    pkgs = nixpkgs.legacyPackages.${host.system};
    tally = pkgs.rustPlatform.buildRustPackage {
      pname = "tally";
      version = "1.0.0";
      src = ${src};
      cargoLock.lockFile = ./Cargo.lock;
      ${smoke}
      ${man}
      ${generates}
      ${tests}
      ${made}
    };
  in {
    packages.${host.system} = { inherit tally; ${packages} };
    checks.${host.system} = { run = pkgs.runCommand ${run}; ${checks} };
    ${parts.outputs ?? "overlays.default = final: prev: { }; packages.riscv64-linux.tally = tally;"}
  };
}
`;
};

const FILES: Tree = {
  "Cargo.lock": 'version = 3\n[[package]]\nname = "tally"\nversion = "1.0.0"\n',
  "Cargo.toml": '[package]\nname = "tally"\nversion = "1.0.0"\n',
  "src/main.rs": "fn main() {}\n",
  "tests/sums.rs": "#[test]\nfn sums() {}\n",
  "paths.patch": "",
  "parts.json": '{ "smoke": "true" }\n',
};

/** What is changed, and what is found. */
const WEAKER: readonly (readonly [string, Parts, readonly string[]])[] = [
  [
    "a phase that is gone with its switch",
    { smoke: "" },
    [
      "phase removed packages.tally: installCheckPhase: tally --version; grep -q 1.0",
      "doCheck = false packages.tally: doInstallCheck",
    ],
  ],
  [
    "a phase that is off",
    { smoke: SMOKE.replace("true", "false") },
    [
      "phase removed packages.tally: installCheckPhase: tally --version; grep -q 1.0",
      "doCheck = false packages.tally: doInstallCheck",
    ],
  ],
  [
    "a phase out of the list of phases",
    { smoke: `${SMOKE}\n phases = [ "unpackPhase" "buildPhase" "checkPhase" "installPhase" ];` },
    ["phase removed packages.tally: installCheckPhase: tally --version; grep -q 1.0"],
  ],
  [
    "a phase that is data now and says nothing",
    { smoke: SMOKE.replace(/''[\s\S]*''/u, "(builtins.fromJSON (builtins.readFile ./parts.json)).smoke") },
    ["phase removed packages.tally: installCheckPhase: tally --version; grep -q 1.0"],
  ],
  [
    "a phase that ends before it looks",
    { smoke: SMOKE.replace("runHook preInstallCheck", "exit 0") },
    ["phase removed packages.tally: installCheckPhase: tally --version; grep -q 1.0"],
  ],
  [
    "a comparison that nobody minds",
    { smoke: SMOKE.replace("grep -q 1.0", "grep -q 1.0 || echo other version") },
    ["phase removed packages.tally: installCheckPhase: tally --version; grep -q 1.0"],
  ],
  [
    "a comparison that is gone",
    { smoke: SMOKE.replace(" | grep -q 1.0", "") },
    ["phase removed packages.tally: installCheckPhase: grep -q 1.0"],
  ],
  [
    "a program that is only listed",
    { smoke: SMOKE.replace("$out/bin/tally --version | grep -q 1.0", "ls $out/bin | grep tally") },
    ["phase removed packages.tally: installCheckPhase: tally --version"],
  ],
  ["a hook", { man: "" }, ["phase removed packages.tally: postInstall: install -Dm644 doc/tally.1 $out/share/man/man1/tally.1"]],
  [
    "what is made before the build",
    { generates: "" },
    ["phase removed packages.tally: preBuild: sh ./generate.sh > generated/table.rs"],
  ],
  ["what the tests need", { tests: TESTS.replace("pkgs.jq", "") }, ["input removed packages.tally: jq"]],
  [
    "flags by which more tests run",
    { tests: "nativeCheckInputs = [ pkgs.jq ];" },
    [
      "test skipped packages.tally: cargoTestFlags: without --workspace",
      "test skipped packages.tally: cargoTestFlags: without --include-ignored",
    ],
  ],
  [
    "a filter of tests",
    { tests: `${TESTS} checkFlags = [ "parses" ];` },
    ["test skipped packages.tally: checkFlags: only tests named parses"],
  ],
  [
    "one target of several",
    { tests: TESTS.replace('"--workspace"', '"--workspace" "--lib"') },
    ["test skipped packages.tally: cargoTestFlags: --lib"],
  ],
  [
    "features, patches, settings",
    { made: "" },
    [
      "setting removed packages.tally: dontStrip",
      "patch removed packages.tally: paths.patch",
      "feature removed packages.tally: tls",
    ],
  ],
  [
    "a program between cargo and the tests",
    { made: `${MADE} CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER = "true";` },
    ["test runner replaced packages.tally: CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER"],
  ],
  [
    "tests that a filter leaves out of the source",
    { src: 'builtins.filterSource (path: type: baseNameOf path != "tests") ./.' },
    ["test removed packages.tally: tests/sums.rs left out of the source"],
  ],
  [
    "a check that only looks whether the program is there",
    { run: '"run" { } "ls ${tally}/bin/tally; touch $out"' },
    ["phase removed checks.run: buildCommand: tally --sum 1 2; grep -qx 3"],
  ],
  [
    "a check that nobody minds",
    { run: '"run" { } "if ${tally}/bin/tally --sum 1 2 | grep -qx 3; then echo ok; fi; touch $out"' },
    ["phase removed checks.run: buildCommand: tally --sum 1 2; grep -qx 3"],
  ],
  ["an output and a system", { outputs: "" }, ["system removed riscv64-linux", "output removed overlays.default"]],
];

const HONEST: readonly (readonly [string, Parts])[] = [
  ["nothing", {}],
  ["a phase that was the fault, and looks in another way", { smoke: SMOKE.replace("grep -q 1.0", 'grep -qF "tally 1.0.0"') }],
  [
    "a phase that asks the program otherwise",
    { smoke: SMOKE.replace("$out/bin/tally --version", "HOME=$TMPDIR $out/bin/tally -V") },
  ],
  [
    "a phase in a let",
    { smoke: SMOKE.replace(/''[\s\S]*''/u, "let check = ''\n$out/bin/tally --version | grep -q 1.0\n''; in check") },
  ],
  ["a phase that looks at more", { smoke: SMOKE.replace("runHook postInstallCheck", "$out/bin/tally --help | grep -q usage") }],
  [
    "a comparison that says why it fails",
    { smoke: SMOKE.replace("grep -q 1.0", "grep -q 1.0 || { echo wrong version; exit 1; }") },
  ],
  [
    "a test of the installation that is a check now",
    { smoke: "", checks: 'version = pkgs.runCommand "version" { } "${tally}/bin/tally --version | grep -q 1.0; touch $out";' },
  ],
  ["a hook under another name", { man: MAN.replace("postInstall", "preFixup") }],
  [
    "a hook that installs with the tool for it",
    { man: MAN.replace("install -Dm644 doc/tally.1 $out/share/man/man1/tally.1", "installManPage doc/tally.1") },
  ],
  ["variables and folders that were not needed", { generates: GENERATES.replace("mkdir -p generated", "export HOME=$TMPDIR") }],
  ["tools for the tests that all builds get", { tests: TESTS.replace("nativeCheckInputs", "nativeBuildInputs") }],
  ["flags that change no choice of tests", { tests: TESTS.replace('"--workspace"', '"--workspace" "--no-fail-fast"') }],
  ["more features", { made: MADE.replace('"tls"', '"tls" "json"') }],
  ["a source without what no build needs", { src: 'builtins.filterSource (path: type: baseNameOf path != "parts.json") ./.' }],
];

/** A switch that is gone with a phase that moved is a loss by name only; it is asked about all the same. */
const ASKED = "doCheck = false packages.tally: doInstallCheck";

describe.skipIf(cannotRun !== undefined)("what a person wrote into a derivation", () => {
  const { project, world } = shipped();

  test("is missed where it is gone, and not where something equal took over", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crq-guards-"));
    const nix = createNix({ environment: world().environment, folder });
    const directory = await project({ ...FILES, "flake.nix": flake() });
    const strength = async (text: string): Promise<Strength> => {
      writeFileSync(join(directory, "flake.nix"), text);
      const answer = await nix.evaluate(directory, "", { apply: strengthExpression(nix.system) });
      if (!answer.ok) throw new Error(answer.log);
      return readStrength(answer.value, nix.system);
    };
    try {
      const before = await strength(flake());
      const written = new Set(boundNames(flake()));
      const seen = async (parts: Parts): Promise<readonly string[]> => {
        const after = await strength(flake(parts));
        return weakerThan(before, after, { written, exists: (path) => existsSync(join(directory, path)) }).map(
          ({ pattern, what = "" }) => `${pattern} ${what.replace(`.${host.system}`, "")}`,
        );
      };
      const wrong: unknown[] = [];
      for (const [what, parts, expected] of WEAKER) {
        const found = await seen(parts);
        if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push({ what, found, expected });
      }
      for (const [what, parts] of HONEST) {
        const found = (await seen(parts)).filter((one) => one !== ASKED);
        if (found.length > 0) wrong.push({ what, found });
      }
      expect(wrong).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});
