import { describe, expect, it } from "vitest";
import { deniesWarnings } from "../../../src/rules/plan/denied-warnings.ts";

describe("deniesWarnings", () => {
  it.each([
    "`cargo clippy --all-targets -- -D warnings`",
    "cargo clippy -- --deny=warnings",
    "`checks.${system}.clippy` (all targets, warnings are errors) and `checks.${system}.fmt`",
    "clippy runs with warnings as errors",
    "Clippy denies warnings.",
    "clippy passes without warnings",
  ])("hears it in %s", (text) => expect(deniesWarnings(text)).toBe(true));

  it.each([
    "`cargo clippy --all-targets`",
    "clippy may warn",
    "cargo clippy\n\nrustc: warnings are errors",
    "rustc's warnings are errors; then run clippy",
    "clippy -D clippy::unwrap_used",
  ])("does not hear it in %s", (text) => expect(deniesWarnings(text)).toBe(false));
});
