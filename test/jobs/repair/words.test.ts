import { expect, it } from "vitest";
import { targetsInWords } from "../../../src/jobs/repair/words.ts";

const named = (task: string): readonly string[] =>
  targetsInWords(task, "x86_64-linux").map(({ attribute, proof }) => `${attribute} ${proof}`);

it.each([
  ["a bare `nix build`", "A plain `nix build` finds nothing.", ["packages.x86_64-linux.default builds"]],
  [
    "a path, and the systems that the words name",
    "`packages.SYSTEM.sift` is to be the default package, on x86_64-linux and on aarch64-linux.",
    [
      "packages.x86_64-linux.sift builds",
      "packages.aarch64-linux.sift evaluates",
      "packages.x86_64-linux.default builds",
      "packages.aarch64-linux.default evaluates",
    ],
  ],
  [
    "checks and a shell by name",
    "The checks `test` and `lint` fail, and so does the shell `ci`.",
    ["checks.x86_64-linux.test builds", "checks.x86_64-linux.lint builds", "devShells.x86_64-linux.ci evaluates"],
  ],
  ["a command with a path", "`nix build .#checks.x86_64-linux.docs` fails", ["checks.x86_64-linux.docs builds"]],
  ["an app by its path", "`apps.SYSTEM.default` starts another program", ["apps.x86_64-linux.default evaluates"]],
])("takes what words name: %s", (_, task, expected) => expect(named(task)).toEqual(expected));

it.each([
  ["a crate that is called a package", "The package `serde` does not compile, and neither does the app `tally`."],
  ["what is turned down", "There is no check `lint`, and there should be none."],
  ["what is run", "`nix run .#tally -- --help` prints nothing"],
  ["another flake", "`nix build nixpkgs#hello` works"],
  ["plain words", "It fails since yesterday: please check the flake."],
])("takes nothing for an output: %s", (_, task) => expect(named(task)).toEqual([]));
