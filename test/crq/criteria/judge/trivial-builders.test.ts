import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builderFact } from "../../../../src/crq/criteria/judge/builders/builder-facts.ts";
import { testsNothing } from "../../../../src/crq/criteria/judge/builders/stub-builder.ts";
import { factsExpression, parseFacts } from "../../../../src/crq/criteria/judge/flake-facts.ts";
import { Derivations } from "../../../../src/crq/criteria/programs/derivations.ts";
import { createNix } from "../../../../src/nix/run.ts";
import { cannotRun, host, shipped } from "../../../world-content/shipped.ts";

/** The small builders of a real package set, as people write checks with them; nothing is built. */

const STUBS = {
  touches: 'pkgs.runCommand "t" { } "touch $out"',
  words: 'pkgs.runCommand "t" { } "echo ${self.lastModifiedDate or "1"} ${./log.txt} > $out"',
  absolute: 'pkgs.runCommand "t" { } "echo ok; ${pkgs.bash}/bin/bash -c \'touch $out\'"',
  nested: 'pkgs.runCommand "t" { nativeBuildInputs = [ pkgs.bash ]; } "bash -c \'touch $out\'"',
  shows: 'pkgs.runCommand "t" { } "cat ${./log.txt} > $out"',
  text: 'pkgs.writeText "t" "all tests passed"',
  script: 'pkgs.writeShellScriptBin "t" "cargo test"',
  application: 'pkgs.writeShellApplication { name = "t"; text = "cargo test"; }',
  joined: 'pkgs.symlinkJoin { name = "t"; paths = [ ]; }',
  linked: 'pkgs.linkFarm "t" [ ]',
  phases:
    'pkgs.stdenvNoCC.mkDerivation { name = "t"; dontUnpack = true; buildPhase = "echo testing"; installPhase = "touch $out"; }',
  off: 'pkgs.stdenv.mkDerivation { name = "t"; src = ./.; dontBuild = true; installPhase = "mkdir $out"; checkPhase = "cargo test"; }',
} as const;

const HONEST = {
  runs: 'pkgs.runCommand "t" { } "${self}/greet --version | grep greet > $out"',
  exists: 'pkgs.runCommand "t" { } "test -x ${pkgs.bash}/bin/bash && touch $out"',
  copies: 'pkgs.runCommand "t" { } "cp -r ${pkgs.hello or pkgs.bash} $out"',
  formatted: 'pkgs.runCommand "t" { } "bash ${./fmt.sh} && touch $out"',
  tests:
    'pkgs.stdenv.mkDerivation { name = "t"; src = ./.; doCheck = true; checkPhase = "make test"; installPhase = "touch $out"; }',
  rust: 'pkgs.rustPlatform.buildRustPackage { pname = "t"; version = "1"; src = ./.; cargoLock.lockFile = ./Cargo.lock; installPhase = "touch $out"; }',
  joined: 'pkgs.symlinkJoin { name = "t"; paths = [ pkgs.bash ]; }',
  printed: 'pkgs.runCommand "t" { } "echo ${pkgs.bash} > $out"',
  afterJoin: 'pkgs.symlinkJoin { name = "t"; paths = [ ]; postBuild = "bash ${./fmt.sh}"; }',
  application: 'pkgs.writeShellApplication { name = "t"; text = "cargo test"; checkPhase = "bash $target --self-test"; }',
} as const;

describe.skipIf(cannotRun !== undefined)("checks made with the builders of a package set", () => {
  const { project, world } = shipped();

  test("stubs are stubs, and what can fail for a reason of the project's is none", async () => {
    const checks = (all: Readonly<Record<string, string>>, prefix: string): string =>
      Object.entries(all)
        .map(([name, value]) => `${prefix}${name} = ${value};`)
        .join("\n");
    const directory = await project({
      "flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs";
        outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.${host.system}; in {
          checks.${host.system} = { ${checks(STUBS, "stub-")} ${checks(HONEST, "honest-")} };
        };
      }`,
      "log.txt": "test result: ok\n",
      "fmt.sh": "true\n",
      "Cargo.lock": 'version = 3\n[[package]]\nname = "t"\nversion = "1.0.0"\n',
      "Cargo.toml": '[package]\nname = "t"\nversion = "1.0.0"\n',
    });
    const folder = mkdtempSync(join(tmpdir(), "crq-facts-"));
    try {
      const nix = createNix({ environment: world().environment, folder });
      const answer = await nix.evaluate(directory, "", { apply: factsExpression({ attributes: [], checks: true }, host.system) });
      if (!answer.ok) throw new Error(answer.log);
      const facts = parseFacts(answer.value).checks ?? [];
      const derivations = new Derivations(world().environment);
      const read = await Promise.all(facts.map(({ name, drvPath }) => derivations.builderFact(name, drvPath ?? "")));
      // The evaluated attributes and the derivation in the store say the same.
      expect(read.map((fact) => [fact?.name, fact && testsNothing(fact)])).toEqual(
        facts.map((fact) => [fact.name, testsNothing(fact)]),
      );
      expect(facts.map((fact) => builderFact.parse(fact)).map((fact) => [fact.name, testsNothing(fact)])).toEqual(
        [...Object.keys(HONEST).map((name) => `honest-${name}`), ...Object.keys(STUBS).map((name) => `stub-${name}`)]
          .sort()
          .map((name) => [name, name.startsWith("stub-")]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
