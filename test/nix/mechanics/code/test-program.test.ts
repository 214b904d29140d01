import { test } from "vitest";
import type { DiagnosisFacts } from "../../../../src/nix/diagnosis.ts";
import { type Case, check, flake, withArguments } from "./code-cases.ts";

const facts: DiagnosisFacts = { kind: "sandboxed-test", tests: ["tests::git_works"] };
const NOT_FOUND = 'Os { code: 2, kind: NotFound, message: "No such file or directory" }';
const said = (line: string): Pick<Case, "more"> => ({
  more: { message: `tests::git_works failed because of the sandbox: ${line}` },
});

test("the package of the program that a test starts is among the inputs of the checks", () =>
  check(
    [
      {
        about: "no such list yet",
        facts,
        ...said(`sqlite3 runs: ${NOT_FOUND}`),
        before: '        version = "1.0.0";',
        after: '        version = "1.0.0";\n        nativeCheckInputs = [ pkgs.sqlite ];',
      },
      {
        about: "into the list that is there",
        facts,
        ...said(`failed to execute \`git\`: ${NOT_FOUND}`),
        before: "        nativeCheckInputs = [ pkgs.jq ];",
        after: "        nativeCheckInputs = [ pkgs.jq pkgs.git ];",
      },
      {
        about: "a program of no row",
        facts,
        ...said(`frobnicate runs: ${NOT_FOUND}`),
        before: '        version = "1.0.0";',
        after: undefined,
      },
      {
        about: "two programs of which either may be missing",
        facts,
        ...said(`running git from bash: ${NOT_FOUND}`),
        before: '        version = "1.0.0";',
        after: undefined,
      },
      {
        about: "a file in a folder of the program's name",
        facts,
        ...said(`cannot start from .config/git/config: ${NOT_FOUND}`),
        before: '        version = "1.0.0";',
        after: undefined,
      },
      {
        about: "a program that ran and wanted the network",
        facts,
        ...said("git: Could not resolve host: example.org"),
        before: '        version = "1.0.0";',
        after: undefined,
      },
      {
        about: "a proposal would stay pending where nixpkgs has no such package",
        facts,
        ...said(`sqlite3 runs: ${NOT_FOUND}`),
        place: { guess: true },
        before: '        version = "1.0.0";',
        after: undefined,
      },
    ],
    withArguments,
  ));

test("a package function takes the package by name", () =>
  check(
    [
      {
        about: "a file for callPackage",
        facts,
        ...said(`git runs: ${NOT_FOUND}`),
        before: '{ lib, rustPlatform }:\nrustPlatform.buildRustPackage {\n  pname = "tool";\n}\n',
        after:
          '{ lib, rustPlatform, git }:\nrustPlatform.buildRustPackage {\n  pname = "tool";\n  nativeCheckInputs = [ git ];\n}\n',
      },
    ],
    (body) => body,
  ));

test("crane's shared arguments are the place of all steps", () =>
  check(
    [
      {
        about: "commonArgs",
        facts,
        ...said(`git runs: ${NOT_FOUND}`),
        before: '        commonArgs = {\n          pname = "tool";\n        };',
        after: '        commonArgs = {\n          pname = "tool";\n          nativeCheckInputs = [ pkgs.git ];\n        };',
      },
    ],
    (body) =>
      flake(
        `  outputs = { self, nixpkgs, crane }:\n    let\n        pkgs = nixpkgs.legacyPackages.x86_64-linux;\n        craneLib = crane.mkLib pkgs;\n${body}\n    in\n    {\n      packages.x86_64-linux.tool = craneLib.buildPackage (commonArgs // { doCheck = true; });\n    };\n`,
      ),
  ));
