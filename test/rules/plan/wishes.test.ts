import { describe, expect, it } from "vitest";
import type { CargoPackage, CargoProject } from "../../../src/repo/facts.ts";
import { asksForMore, NO_WISHES, wishesOf } from "../../../src/rules/plan/wishes.ts";

const pkg = (name: string, program = true): CargoPackage => ({
  name,
  version: "1.0.0",
  versionFrom: "package",
  directory: name,
  binaries: program ? [{ name, path: `${name}/src/main.rs`, requiredFeatures: [], answers: [] }] : [],
  library: !program,
  hasTests: true,
  pathDependencies: [],
});
const PROJECT: CargoProject = {
  root: ".",
  workspace: true,
  packages: [pkg("app"), pkg("app-tool"), pkg("core", false)],
  defaultMembers: [],
  lock: { state: "present", crates: [] },
};
const facts = (...pairs: readonly (readonly [key: string, value: string])[]) =>
  pairs.map(([key, value]) => ({ claim: "", source: "docs/nix.md", key, value }));

describe("wishes of documents", () => {
  it("are checks with steps, about the crate whose name theirs begins with, and tests of single crates", () => {
    const wishes = wishesOf(
      facts(
        ["check.app-tool-receipts.step", "test --no-default-features --features cpu,receipts"],
        ["check.app-tool-receipts.step", "test guard"],
        ["check.app-tool-receipts.file", "receipts.log"],
        ["command:nix build .#core-tests", "nix build .#core-tests"],
        ["flake.default", "app"],
      ),
      PROJECT,
    );
    const features = { names: ["cpu", "receipts"], noDefault: true };
    expect({ ...wishes, asks: asksForMore(wishes) }).toEqual({
      ...NO_WISHES,
      asks: true,
      defaultPackage: "app",
      crateTests: new Map([["core-tests", "core"]]),
      stepChecks: [
        {
          attribute: "app-tool-receipts",
          crate: "app-tool",
          features,
          steps: [
            { tool: "test", features },
            { tool: "test", filter: "guard" },
          ],
          files: ["receipts.log"],
        },
      ],
    });
  });

  it("take no value that a shell would read, no variable that loads code, and name a check nobody describes", () => {
    const wishes = wishesOf(
      facts(
        ["check.a.step", "test $(touch x)"],
        ["check.b.step", "test --features a;rm"],
        ["check.c.step", "nextest ../../x"],
        ["check.c.file", "../c.log"],
        ["package.app.features", "--features $(id)"],
        ["shell.default.variable", "LD_PRELOAD=/tmp/x.so"],
        ["shell.default.variable", "PS1=$(id)"],
        ["shell.default.variable", "RUSTC_WRAPPER=./x"],
        ["shell.default.variable", "CARGO_INCREMENTAL=0"],
        ["flake.checks", "mystery"],
        ["flake.apps", "toString"],
      ),
      PROJECT,
    );
    expect(wishes).toEqual({
      ...NO_WISHES,
      variables: new Map([["default", { CARGO_INCREMENTAL: "0" }]]),
      unclear: ["mystery", "a", "b", "c"],
    });
  });

  it("take no name of a file for an option", () => {
    const named = facts(["check.a.step", "fmt"], ["check.a.file", "--help.log"], ["check.a.file", "a-b.log"]);
    expect(wishesOf(named, PROJECT).stepChecks.map(({ files }) => files)).toEqual([["a-b.log"]]);
  });
});
