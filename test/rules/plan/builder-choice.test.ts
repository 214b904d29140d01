import { describe, expect, it } from "vitest";
import { builderIn, chooseBuilder } from "../../../src/rules/plan/builder-choice.ts";

describe("builderIn", () => {
  it.each([
    ["nixify this using our vendored naersk", "naersk"],
    ["use crane instead of naersk", "crane"],
    ["not with crane, please; naersk is fine", "naersk"],
    ["move away from crate2nix to buildRustPackage", "buildRustPackage"],
    ["we never use naersk", undefined],
    ["the crane fly project", "crane"],
    ["nixify this project", undefined],
  ])("%s → %s", (text, builder) => expect(builderIn(text)).toBe(builder));
});

describe("chooseBuilder", () => {
  it("takes the strongest source and names all that agree", () => {
    expect(
      chooseBuilder([
        { source: "the task", builder: undefined },
        { source: "docs/nix.md", builder: "naersk" },
        { source: "docs/old.md", builder: "crane" },
        { source: "flake.nix", builder: "naersk" },
      ]),
    ).toEqual({ builder: "naersk", reasons: ["docs/nix.md names naersk", "flake.nix names naersk"] });
  });

  it("falls back to buildRustPackage and says so", () => {
    expect(chooseBuilder([])).toEqual({ builder: "buildRustPackage", reasons: ["default: nothing names a builder"] });
  });
});
