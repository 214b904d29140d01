import { describe, expect, test } from "vitest";
import type { FailingDerivation } from "../../../../../src/nix/diagnosis.ts";
import { argumentSets } from "../../../../../src/nix/mechanics/code/edit/builder-calls.ts";

const failed = (name: string): FailingDerivation => ({ name, owner: "own" });

/** The marks behind the braces of the sets that are chosen, in the order of the source. */
const chosen = (source: string, ...rest: [FailingDerivation, string?, ("compiled" | "installed")?]): string[] =>
  argumentSets(source, ...rest)
    .map((open) => /^\{ # (?<mark>\w+)/u.exec(source.slice(open))?.groups?.mark ?? source.slice(open, open + 20))
    .reverse();

describe("the sets that an argument of the failing build belongs in", () => {
  const CRANE = `
    packages.vault = craneLib.buildPackage { # package
      pname = "vault";
      cargoArtifacts = craneLib.buildDepsOnly { # deps
        inherit src;
      };
    };
    packages.other = craneLib.buildPackage { # other
      pname = "other";
    };
    checks.test = craneLib.cargoTest { # test
      inherit src;
    };
    checks.clippy = craneLib.cargoClippy { # clippy
      pname = "other";
    };
  `;

  test("are the package's own and those of what compiles beside it without a name", () => {
    expect(chosen(CRANE, failed("vault-0.1.0"), "buildInputs")).toEqual(["package", "deps", "test"]);
  });

  test("are the package's own alone for what is done to installed files", () => {
    expect(chosen(CRANE, failed("vault-0.1.0"), "postFixup", "installed")).toEqual(["package"]);
  });

  test("are all of the Rust builders where no single call has the name", () => {
    const all = ["package", "deps", "other", "test", "clippy"];
    expect(chosen(CRANE, failed("vault-test-0.1.0"), "buildInputs")).toEqual(all);
    expect(chosen(CRANE, failed("other-0.1.0"), "buildInputs")).toEqual(all);
  });
});
