import { describe, expect, it } from "vitest";
import { factsOf } from "../../../src/repo/documents/document-facts.ts";
import { statedInWords } from "../../../src/repo/documents/words.ts";

const words = (text: string): readonly string[] => statedInWords(text).map(({ key, value }) => `${key} = ${value}`);
const documented = (text: string): readonly string[] =>
  factsOf({ source: "docs/nix.md", text, sha256: "" }).map(({ key, value }) => `${key} = ${value}`);

describe("outputs that a sentence gives a name", () => {
  it.each([
    ["The tests are the check `test`.", ["flake.checks = test"]],
    [
      "its tests run as the checks `unit`, `slow` and `doc-test`",
      ["flake.checks = unit", "flake.checks = slow", "flake.checks = doc-test"],
    ],
    ["Besides the default shell there is one called `old`.", ["flake.devShells = old"]],
    [
      "The package is called `brassbook`, with a development shell named `ci`.",
      ["flake.packages = brassbook", "flake.devShells = ci"],
    ],
    ["the package `edition`, wrapped\nbefore the\ncheck `test`", ["flake.packages = edition", "flake.checks = test"]],
    ["a flake with `checks.SYSTEM.lint`", ["flake.checks = lint"]],
  ])("%s", (text, expected) => expect(words(text)).toEqual(expected));

  it.each([
    ["an order to look", "Please check `src/main.rs` and check `parse` for mistakes."],
    ["a thing that is no output", "The check that `parse` makes is too strict."],
    ["what is turned down", "There is no check `lint`, and it comes without the check `doc`."],
    ["a name that is none", "the check `cargo test` and the package `../x`"],
    ["no code", "the check test of the package"],
  ])("not %s", (_, text) => expect(words(text)).toEqual([]));

  it("are read from documents that speak of Nix, where a package may be any thing", () => {
    const text = "The tests are the check `test` of the package `serde`.\n";
    expect(documented(text)).toEqual([]);
    expect(documented(`# Nix\n\n${text}`)).toEqual(["flake.checks = test"]);
  });
});
