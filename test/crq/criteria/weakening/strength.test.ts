import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ComparedTexts, together, weakerThan } from "../../../../src/crq/criteria/weakening/compare.ts";
import { readStrength, type Strength, strengthExpression } from "../../../../src/crq/criteria/weakening/strength.ts";
import { createNix } from "../../../../src/nix/run.ts";
import type { Weakening } from "../../../../src/nix/weakening.ts";
import { cannotRun, host, shipped, type Tree } from "../../../world-content/shipped.ts";

/** Weakenings that no text of the flake shows, seen in the derivations of a real package set; nothing is built. */

const flake = (packages: string, checks: string): string => `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: let
    pkgs = nixpkgs.legacyPackages.${host.system};
    tally = pkgs.rustPlatform.buildRustPackage { pname = "tally"; version = "1.0.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; };
    settings = builtins.fromJSON (builtins.readFile ./settings.json);
  in {
    packages.${host.system} = { ${packages} };
    checks.${host.system} = { ${checks} };
  };
}
`;
const RUN = 'pkgs.runCommand "run" { } "${tally}/bin/tally --version | grep 1.0; touch $out"';
const FILES: Tree = {
  "Cargo.lock": 'version = 3\n[[package]]\nname = "tally"\nversion = "1.0.0"\n',
  "Cargo.toml": '[package]\nname = "tally"\nversion = "1.0.0"\n',
  "settings.json": '{ "check": true, "flags": [ ], "phase": "cargo test" }\n',
  "weaker.nix": "x: x\n",
};
const BEFORE = flake("inherit tally;", `test = tally; run = ${RUN};`);

/** The changed flake, other files it brings, and what is found. */
const WEAKER: readonly (readonly [string, string, Tree, readonly string[]])[] = [
  [
    "checks off by an imported override",
    flake("tally = tally.overrideAttrs (import ./weaker.nix);", `test = tally; run = ${RUN};`),
    { "weaker.nix": "_: { doCheck = ! true; }\n" },
    ["doCheck = false packages.tally"],
  ],
  [
    "checks off by data",
    flake("tally = tally.overrideAttrs { doCheck = settings.check; };", `test = tally; run = ${RUN};`),
    { "settings.json": '{ "check": false }\n' },
    ["doCheck = false packages.tally"],
  ],
  [
    "a check phase that does nothing",
    flake("tally = tally.overrideAttrs { checkPhase = settings.phase; };", `test = tally; run = ${RUN};`),
    { "settings.json": '{ "phase": "echo ok" }\n' },
    ["stub builder packages.tally"],
  ],
  [
    "flags that leave tests out",
    flake("tally = tally.overrideAttrs { checkFlags = settings.flags; };", `test = tally; run = ${RUN};`),
    { "settings.json": '{ "flags": [ "--skip", "slow" ] }\n' },
    ["test skipped packages.tally"],
  ],
  [
    "a check that became a stub",
    flake("inherit tally;", 'test = tally; run = pkgs.writeText "run" "ok";'),
    {},
    ["stub builder checks.run"],
  ],
  ["a check that is gone by name only", flake("inherit tally;", "} // { test = tally;"), {}, ["check removed checks.run"]],
];

const TEXTS: ComparedTexts = { written: new Set(), exists: () => true };

const HONEST: readonly (readonly [string, string])[] = [
  ["nothing", BEFORE],
  ["a check under a better name", flake("inherit tally;", `test = tally; version = ${RUN};`)],
  ["checks that come from a set", flake("inherit tally;", `} // { test = tally; } // { run = ${RUN};`)],
  [
    "more checks and more flags",
    flake('tally = tally.overrideAttrs { checkFlags = [ "--nocapture" ]; };', `test = tally; run = ${RUN}; more = tally;`),
  ],
];

describe.skipIf(cannotRun !== undefined)("strength by evaluation", () => {
  const { project, world } = shipped();

  test("of each change against the flake it started from", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crq-strength-"));
    const nix = createNix({ environment: world().environment, folder });
    const strength = async (text: string, files: Tree = {}): Promise<Strength> => {
      const directory = await project({ ...FILES, ...files, "flake.nix": text });
      const answer = await nix.evaluate(directory, "", { apply: strengthExpression(nix.system) });
      if (!answer.ok) throw new Error(answer.log);
      return readStrength(answer.value, nix.system);
    };
    try {
      const before = await strength(BEFORE);
      const seen = async (text: string, files?: Tree): Promise<readonly string[]> =>
        weakerThan(before, await strength(text, files), TEXTS).map(
          ({ pattern, what = "" }) => `${pattern} ${what.replace(`.${host.system}`, "")}`,
        );
      for (const [what, text, files, expected] of WEAKER) expect([what, await seen(text, files)]).toEqual([what, expected]);
      for (const [what, text] of HONEST) expect([what, await seen(text)]).toEqual([what, []]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe("texts and evaluation together", () => {
  const builder = {
    derivation: true,
    builder: "b",
    arguments: [],
    buildCommand: null,
    needsBuilds: false,
    source: true,
    phases: {},
    off: [],
    asFile: [],
    emptyLists: [],
    testFlags: [],
  };
  const strength = (...names: readonly string[]): Strength => ({
    builders: Object.fromEntries(
      names.map((name) => [`checks.x86_64-linux.${name}`, { ...builder, name, buildCommand: `${name} --run` }]),
    ),
    guards: {},
    partial: false,
    offers: [],
    programs: [],
    systems: [],
  });
  const removed = (what: string): Weakening => ({ pattern: "check removed", file: "flake.nix", line: 1, what });

  test("a check that a text loses and the flake still has is not lost", () => {
    expect(together([removed("a")], { before: strength("a"), after: strength("a"), ...TEXTS })).toEqual([]);
  });
  test("a check that both lose is shown once", () => {
    expect(together([removed("a")], { before: strength("a"), after: strength(), ...TEXTS })).toEqual([removed("a")]);
  });
  test("a check of another system is the text's word alone, and without an evaluation so is all", () => {
    expect(together([removed("b")], { before: strength("a"), after: strength("a"), ...TEXTS })).toEqual([removed("b")]);
    expect(together([removed("a")], undefined)).toEqual([removed("a")]);
  });
});
