import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corrected, hasWrongForms, noWrongForms } from "../../../src/repo/documents/wrong-commands.ts";

const matches = (text: string): boolean => new RegExp(noWrongForms(), "mu").test(text);

describe("wrong forms of Nix commands", () => {
  it.each([
    ["nix flake check .#workspace", "nix build .#checks.x86_64-linux.workspace"],
    ["`nix flake check .#checks.unit` alone", "`nix build .#checks.x86_64-linux.unit` alone"],
    ["nix build .#checks.unit -L", "nix build .#checks.x86_64-linux.unit -L"],
    ["nix flake lock --update-input nixpkgs", "nix flake update nixpkgs"],
    ["nix develop --impure   # dirty", "nix develop   # dirty"],
    ["nix flake check --impure", "nix flake check"],
    ["nix run .#tool  # run it without building", "nix run .#tool  # run it, which builds first"],
    ["# Run the tools directly, without building them", "# Run the tools directly, which builds first"],
  ])("%s", (wrong, right) => {
    expect(corrected(wrong, "x86_64-linux")).toBe(right);
    expect([hasWrongForms(wrong), hasWrongForms(right)]).toEqual([true, false]);
    expect([matches(`a\n${wrong}\nb\n`), matches(`a\n${right}\nb\n`)]).toEqual([false, true]);
  });

  it.each([
    "nix flake check   # all checks",
    "nix build .#checks.x86_64-linux.unit",
    "nix build .#checks",
    "Do not build without a lock file; run it later.",
    "nix flake update",
  ])("leaves %s alone", (text) => {
    expect([corrected(text, "x86_64-linux"), matches(text)]).toEqual([text, true]);
  });

  it("know a check that is built as if it were a package, where the names are known", () => {
    const wrong = "nix build .#core-tests\nnix build .#core-tests-all\n";
    const right = "nix build .#checks.x86_64-linux.core-tests\nnix build .#core-tests-all\n";
    const pattern = new RegExp(noWrongForms(["core-tests"]), "mu");
    expect(corrected(wrong, "x86_64-linux", ["core-tests"])).toBe(right);
    expect([pattern.test(wrong), pattern.test(right), hasWrongForms(wrong, ["core-tests"])]).toEqual([false, true, true]);
  });

  it("are gone from whatever text was corrected", () => {
    const word = fc.constantFrom(
      ...["nix", "run", "Run", "build", "flake", "check", "lock", "develop", ".#", "#", "checks.", "unit", "x86_64-linux", "."],
      ...["--impure", "--update-input", "without", "building", "a", "it", "`", ",", "\n", " ", "  "],
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
        const text = corrected(words.join(" ").replaceAll("# ", "#").replaceAll(". ", "."), "x86_64-linux");
        return !hasWrongForms(text) && matches(text);
      }),
      { numRuns: 2000 },
    );
  });
});

it("takes no part of a check's name for the name of another", () => {
  const text = "nix build .#ab and nix build .# and nix build .";
  expect(corrected(text, "x86_64-linux", ["a.b", "é", ""])).toBe(text);
});
