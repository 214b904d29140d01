import { describe, test } from "vitest";
import type { DiagnosisFacts } from "../../../../src/nix/diagnosis.ts";
import { type Case, check, flake } from "./code-cases.ts";

const facts: DiagnosisFacts = { kind: "dummy-source" };
const missing: Pick<Case, "more"> = {
  more: { excerpt: "/bin/ld: cannot open linker script file link/abi.map: No such file or directory" },
};
const tracked = ["flake.nix", "Cargo.toml", "Cargo.lock", "src/main.rs", "link/abi.map"];

/** crane's usual form: shared arguments, the dependencies, the package. */
const crane = (body: string): string =>
  flake(`  outputs = { self, nixpkgs, crane }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
      craneLib = crane.mkLib pkgs;
      commonArgs = {
        src = ./.;
${body}
    in
    {
      packages.x86_64-linux.tool = craneLib.buildPackage (commonArgs // { inherit cargoArtifacts; });
    };
`);
const TWO_STEPS = "      };\n      cargoArtifacts = craneLib.buildDepsOnly commonArgs;";
const ONE_STEP = `      };
      # Dependencies and program in one step: the stand-in source, on which the
      # dependencies would be compiled alone, does not build.
      cargoArtifacts = null;`;

describe("crane", () => {
  test("the stand-in source gets the tracked file that the step of the dependencies misses, else both steps are one", () =>
    check(
      [
        {
          about: "a linker script",
          facts,
          ...missing,
          place: { tracked },
          before: TWO_STEPS,
          after: `        # The dependencies are compiled on a stand-in source, and link/abi.map is wanted there too.
        extraDummyScript = ''
          mkdir -p $out/link
          cp --no-preserve=mode,ownership \${./link/abi.map} $out/link/abi.map
        '';
${TWO_STEPS}`,
        },
        { about: "a file that the repository has not", facts, ...missing, before: TWO_STEPS, after: undefined },
        { about: "no file is named", facts, place: { tracked }, before: TWO_STEPS, after: undefined },
        {
          about: "no file is named, and a likely cure will do",
          facts,
          place: { tracked, guess: true },
          before: TWO_STEPS,
          after: ONE_STEP,
        },
        {
          about: "the dependencies come from elsewhere",
          facts,
          place: { guess: true },
          before: "      };\n      cargoArtifacts = self.packages.x86_64-linux.dependencies;",
          after: undefined,
        },
      ],
      crane,
    ));
});

describe("naersk", () => {
  const naersk = (body: string): string =>
    flake(`  outputs = { self, nixpkgs, naersk }:
    {
      packages.x86_64-linux.tool = (nixpkgs.legacyPackages.x86_64-linux.callPackage naersk { }).buildPackage {
${body}
      };
    };
`);
  test("both steps are one where a likely cure will do", () =>
    check(
      [
        { about: "a mechanic", facts, ...missing, place: { tracked }, before: "        src = ./.;", after: undefined },
        {
          about: "a proposal",
          facts,
          ...missing,
          place: { tracked, guess: true },
          before: "        src = ./.;",
          after: `        src = ./.;
        # Dependencies and program in one step: the stand-in source, on which the
        # dependencies would be compiled alone, does not build.
        singleStep = true;`,
        },
        {
          about: "it is one step already",
          facts,
          place: { guess: true },
          before: "        singleStep = true;",
          after: undefined,
        },
      ],
      naersk,
    ));
});
