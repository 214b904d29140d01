import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { together } from "../../../../src/crq/criteria/weakening/compare.ts";
import { readStrength, type Strength, strengthExpression } from "../../../../src/crq/criteria/weakening/strength.ts";
import { createNix } from "../../../../src/nix/run.ts";
import { weakeningsOfChange } from "../../../../src/nix/weakening.ts";
import { cannotRun, host, shipped } from "../../../world-content/shipped.ts";

/** A file that packs programs into one folder (symlinkJoin) and is gone: a tool of the build, or something that the flake offered or tested. */

const flake = (compiler: string, packages = "inherit tally;", outputs = ""): string => `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: let
    pkgs = nixpkgs.legacyPackages.${host.system};
    packed = import ./nix/packed.nix { inherit pkgs tally; };
    tally = pkgs.rustPlatform.buildRustPackage {
      pname = "tally"; version = "1.0.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; meta.mainProgram = "tally-it";
      nativeBuildInputs = [ ${compiler} ];
    };
  in { packages.${host.system} = { ${packages} }; ${outputs} };
}
`;
const AFTER = flake("pkgs.rustc").replace(/ *packed = .*\n/u, "");
const packed = (postBuild: string, packer = "symlinkJoin"): string =>
  `{ pkgs, tally }: pkgs.${packer} { name = "packed"; paths = [ pkgs.rustc ]; postBuild = ''\n${postBuild}\n''; }\n`;
const SIGNS =
  "rm $out/bin/rustc\ncp ${./sign.sh} $out/bin/rustc\nsubstituteInPlace $out/bin/rustc --replace-fail @a@ ${pkgs.bash}";
const ALL = ["rm $out/bin/rustc", "cp PROGRAM $out/bin/rustc", "substituteInPlace $out/bin/rustc --replace-fail @a@ PROGRAM"];
const lost = (...commands: readonly string[]): readonly string[] => commands.map((text) => `phase removed postBuild: ${text}`);

const CASES: readonly (readonly [string, before: string, file: string, readonly string[]])[] = [
  ["a compiler of the build", flake("packed"), packed(SIGNS), []],
  ["the same, packed in another way", flake("packed"), packed("ln -sf ${./cc} $out/bin/cc", "buildEnv"), []],
  ["a program that it runs", flake("packed"), packed(`${SIGNS}\n$out/bin/rustc --self-test`), lost("rustc --self-test")],
  ["a result that it compares", flake("packed"), packed("grep -q 1.8 $out/bin/rustc"), lost("grep -q 1.8 $out/bin/rustc")],
  ["the package's own program", flake("packed"), packed("wrapProgram $out/bin/tally"), lost("wrapProgram $out/bin/tally")],
  ["its main program", flake("packed"), packed("rm $out/bin/tally-it"), lost("rm $out/bin/tally-it")],
  [
    "the program of an app",
    flake("packed", "inherit tally;", `apps.${host.system}.sum = { type = "app"; program = "\${packed}/bin/sum"; };`),
    packed("wrapProgram $out/bin/sum"),
    [...lost("wrapProgram $out/bin/sum"), `output removed apps.${host.system}.sum`],
  ],
  ["any program there is", flake("packed"), packed("for f in $out/bin/*; do wrapProgram $f; done"), lost("wrapProgram $f")],
  ["what is no program", flake("packed"), packed("cp ${./a.1} $out/share/a.1"), lost("cp PROGRAM $out/share/a.1")],
  ["where not all could be seen", flake("packed", 'inherit tally; broken = throw "no";'), packed(SIGNS), lost(...ALL)],
  ["a hook of what is built", flake("packed"), packed(SIGNS, "runCommandLocal"), lost(...ALL)],
];

describe.skipIf(cannotRun !== undefined)("a file that packs programs and is gone", () => {
  const { project, world } = shipped();

  test("each against a flake that takes the plain compiler", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crq-tools-"));
    const nix = createNix({ environment: world().environment, folder });
    const strength = async (text: string, file?: string): Promise<Strength> => {
      const directory = await project({
        "Cargo.lock": 'version = 3\n[[package]]\nname = "tally"\nversion = "1.0.0"\n',
        "Cargo.toml": '[package]\nname = "tally"\nversion = "1.0.0"\n',
        ...(file !== undefined && { "nix/packed.nix": file, "nix/sign.sh": "", "nix/cc": "", "nix/a.1": "" }),
        "flake.nix": text,
      });
      const answer = await nix.evaluate(directory, "", { apply: strengthExpression(nix.system) });
      if (!answer.ok) throw new Error(answer.log);
      return readStrength(answer.value, nix.system);
    };
    try {
      const after = await strength(AFTER);
      for (const [what, text, file, expected] of CASES) {
        const texts = weakeningsOfChange([
          { path: "flake.nix", before: text, after: AFTER },
          { path: "nix/packed.nix", before: file, after: undefined },
        ]);
        const compared = { before: await strength(text, file), after, written: new Set<string>(), exists: () => true };
        const said = together(texts, compared).map((one) => `${one.pattern} ${one.what}`);
        expect([what, said]).toEqual([what, expected]);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("without an evaluation the texts are believed", () => {
    const change = [{ path: "nix/packed.nix", before: packed(SIGNS), after: undefined }];
    expect(together(weakeningsOfChange(change), undefined)).toEqual(
      ALL.map((command) => ({ pattern: "phase removed", file: "nix/packed.nix", line: 1, what: `postBuild: ${command}` })),
    );
  });
});
