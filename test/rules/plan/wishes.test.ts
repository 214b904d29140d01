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

  it("are any check of that name where the tests alone are wanted, and step by step where more is", () => {
    const alone = wishesOf(facts(["flake.checks", "test"], ["check.test.step", "test"]), PROJECT);
    expect({ checks: alone.checks, steps: alone.stepChecks }).toEqual({ checks: ["test"], steps: [] });
    for (const more of ["clippy", "test --features cpu", "test guard"]) {
      const { checks, stepChecks } = wishesOf(facts(["check.test.step", "test"], ["check.test.step", more]), PROJECT);
      expect({ checks, steps: stepChecks.map(({ attribute }) => attribute) }).toEqual({ checks: [], steps: ["test"] });
    }
    expect(wishesOf(facts(["check.app-test.step", "test"], ["check.app-test.file", "a.log"]), PROJECT).checks).toEqual([]);
  });

  it("are the names that a person gives, whatever they mean, and of documents those of tests", () => {
    const said = (source: string) => ({ claim: "", source, key: "flake.checks", value: "mystery" });
    expect(wishesOf([said("the task")], PROJECT)).toMatchObject({ checks: ["mystery"], unclear: [] });
    expect(wishesOf([said("docs/nix.md")], PROJECT)).toMatchObject({ checks: [], unclear: ["mystery"] });
    expect(wishesOf(facts(["flake.checks", "unit-tests"], ["flake.checks", "clippy"]), PROJECT).checks).toEqual(["unit-tests"]);
  });

  it("take no name of a file for an option", () => {
    const named = facts(["check.a.step", "fmt"], ["check.a.file", "--help.log"], ["check.a.file", "a-b.log"]);
    expect(wishesOf(named, PROJECT).stepChecks.map(({ files }) => files)).toEqual([["a-b.log"]]);
  });
});
