import { describe, expect, it } from "vitest";
import { documentLines } from "../../../src/repo/documents/document-lines.ts";
import { flakeOutputs } from "../../../src/repo/documents/flake-outputs.ts";

const told = (...lines: readonly string[]): readonly string[] =>
  flakeOutputs(documentLines(lines.join("\n"))).map(({ line, key, value }) => `${line.number} ${key} = ${value}`);

describe("what a document says a flake offers", () => {
  it("names outputs by their paths, all those of an item, and the default package", () => {
    expect(
      told(
        "- `packages.app` is the default",
        "- `apps.app`, `apps.tool` start them",
        "- `devShells.x86_64-linux.msrv`",
        "## `checks.workspace`",
        "Prose names `checks.other` too, which is about nothing.",
        "- no `checks.old` any more",
      ),
    ).toEqual([
      "1 flake.packages = app",
      "1 flake.default = app",
      "2 flake.apps = app",
      "2 flake.apps = tool",
      "3 flake.devShells = msrv",
      "4 flake.checks = workspace",
    ]);
  });

  it("reads the steps of a check out of the list below it, until the next heading", () => {
    expect(
      told(
        "### `checks.ci`",
        "Builds and tests: this prose is no step.",
        "1. Build",
        "2. Clippy (`-D warnings`)",
        "3. cargo fmt",
        "4. Documentation",
        "5. MSRV",
        "6. Tests",
        "- The log is `result/ci.log`",
        "## Elsewhere",
        "- Clippy",
      ),
    ).toEqual([
      "1 flake.checks = ci",
      "3 check.ci.step = build",
      "4 check.ci.step = clippy --deny warnings",
      "5 check.ci.step = fmt",
      "6 check.ci.step = doc",
      "7 check.ci.step = msrv",
      "8 check.ci.step = test",
      "9 check.ci.file = ci.log",
    ]);
  });

  it("reads feature sets, tests by name, nextest with its profile, variables", () => {
    expect(
      told(
        "Everything is compiled with `--no-default-features`.",
        "- `packages.app`: features `cpu,full`",
        "- `checks.receipts`:",
        "  - feature combinations `cpu,receipts` and `cpu, receipts, tuning`",
        "  - test the guard path",
        "  - tests named `round_trip`",
        "- `checks.quick`",
        "  - nextest with the `ci` profile",
        '- `devShells.default` with `CARGO_INCREMENTAL=0` and `RUSTC_WRAPPER=""`',
      ),
    ).toEqual([
      "2 flake.packages = app",
      "2 package.app.features = --no-default-features --features cpu,full",
      "3 flake.checks = receipts",
      "4 check.receipts.step = test --no-default-features --features cpu,receipts",
      "4 check.receipts.step = test --no-default-features --features cpu,receipts,tuning",
      "5 check.receipts.step = test guard",
      "6 check.receipts.step = test round_trip",
      "7 flake.checks = quick",
      "8 check.quick.step = nextest ci",
      "9 flake.devShells = default",
      "9 shell.default.variable = CARGO_INCREMENTAL=0",
      "9 shell.default.variable = RUSTC_WRAPPER=",
    ]);
  });
});
