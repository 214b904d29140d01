import { describe, expect, it } from "vitest";
import { builderIn, chooseBuilder, defaultBuilder } from "../../../src/rules/plan/builder-choice.ts";

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

  it("takes crane for a new flake that nothing names a builder for", () => {
    expect(chooseBuilder([])).toEqual({ builder: "crane", reasons: ["default: nothing names a builder"] });
  });

  it("takes buildRustPackage where crane may not come in, and says so", () => {
    expect([defaultBuilder(true, false), defaultBuilder(false, true)]).toEqual([
      {
        builder: "buildRustPackage",
        reasons: ["default: nothing names a builder, and the input policy has no fork or exception for crane"],
      },
      {
        builder: "buildRustPackage",
        reasons: ["default: nothing names a builder, and the flake that exists gets no input for one"],
      },
    ]);
  });
});
