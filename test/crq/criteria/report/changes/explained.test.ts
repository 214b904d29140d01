import { expect, test } from "vitest";
import { unrequestedPaths } from "../../../../../src/crq/criteria/report/changes/explained.ts";
import { parseCrq } from "../../../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../../../fixtures/example.ts";

const of = (source: string, changed: readonly string[]): readonly string[] =>
  unrequestedPaths(parseCrq(EXAMPLE_PATH, source), changed, "crqs");

test("criteria, scope and plan explain what they name; the rest nobody asked for", () => {
  expect(
    of(EXAMPLE, ["flake.nix", "flake.lock", "README.md", "crqs/CRQ-001-nixify-greet.md", "src/main.rs", "Cargo.toml"]),
  ).toEqual(["src/main.rs", "Cargo.toml"]);
});

test("a folder and a glob in scope explain what they hold; out of scope explains nothing", () => {
  const source = exampleWith(
    ["-   `flake.nix` and `flake.lock` (new),", "-   `nix/`, `*.yml` and `flake.nix` (new),"],
    ["-   Changes to the Rust sources and to the dependencies in `Cargo.toml`.", "-   Changes to `src/` and `Cargo.toml`."],
  );
  expect(of(source, ["nix/deep/package.nix", "ci.yml", ".github/ci.yml", "src/main.rs", "Cargo.toml"])).toEqual([
    ".github/ci.yml",
    "src/main.rs",
    "Cargo.toml",
  ]);
});
