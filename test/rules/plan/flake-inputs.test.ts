import { describe, expect, it } from "vitest";
import { chooseInputs, type InputContext, inputSource, obeysPolicy } from "../../../src/rules/plan/flake-inputs.ts";

const policy = {
  org: "acme",
  ref: "^feature/CRQ-\\d{3,}-",
  forks: { "NixOS/nixpkgs": "feature/CRQ-016-nixify" },
  exceptions: ["github:other/shared-ops?ref=stable"],
};

const context: InputContext = {
  policy: undefined,
  nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
  stated: new Map(),
  existing: new Map(),
  locked: false,
};
const stated = (name: string, url: string, more: { decided?: true } = {}) =>
  new Map([[name, { url, source: "docs/nix.md", ...more }]]);
const existing = (name: string, url: string) => new Map([[name, { url, follows: {} }]]);

describe("inputSource", () => {
  it("falls back to the default", () => {
    expect(inputSource("nixpkgs", context)).toEqual({ url: "github:NixOS/nixpkgs/nixos-26.05", source: "default" });
    expect(inputSource("naersk", context)).toEqual({ url: "github:nix-community/naersk", source: "default" });
    expect(inputSource("shared-ops", context)).toBeUndefined();
  });

  it("believes a document over the default, the policy's fork over a document, and an answered question over all", () => {
    const document = { ...context, stated: stated("nixpkgs", "github:x/nixpkgs") };
    expect(inputSource("nixpkgs", document)?.url).toBe("github:x/nixpkgs");
    expect(inputSource("nixpkgs", { ...document, policy })).toEqual({
      url: "github:acme/nixpkgs?ref=feature/CRQ-016-nixify",
      source: "policy",
    });
    expect(
      inputSource("nixpkgs", { ...document, policy, stated: stated("nixpkgs", "github:z/nixpkgs", { decided: true }) })?.url,
    ).toBe("github:z/nixpkgs");
  });

  it("keeps what a flake has, if it is locked or unopposed and allowed", () => {
    const flake = { ...context, existing: existing("nixpkgs", "github:mine/nixpkgs") };
    expect(inputSource("nixpkgs", flake)?.source).toBe("flake.nix");
    expect(inputSource("nixpkgs", { ...flake, stated: stated("nixpkgs", "github:x/nixpkgs") })?.source).toBe("docs/nix.md");
    expect(inputSource("nixpkgs", { ...flake, locked: true, stated: stated("nixpkgs", "github:x/nixpkgs") })?.source).toBe(
      "flake.nix",
    );
    expect(inputSource("nixpkgs", { ...flake, locked: true, policy })?.source).toBe("policy");
  });

  it("finds an input among the policy's exceptions", () => {
    expect(inputSource("shared-ops", { ...context, policy })).toEqual({
      url: "github:other/shared-ops?ref=stable",
      source: "policy",
    });
  });
});

describe("obeysPolicy", () => {
  it.each([
    ["github:acme/nixpkgs?ref=feature/CRQ-016-nixify", true],
    ["github:ACME/nixpkgs/feature/CRQ-016-nixify", true],
    ["github:other/shared-ops?ref=stable", true],
    ["github:other/shared-ops?ref=other", false],
    ["github:acme/nixpkgs", false],
    ["path:./x", false],
  ])("%s → %s", (url, obeys) => expect(obeysPolicy(url, policy)).toBe(obeys));
});

describe("chooseInputs", () => {
  it("lists used, existing and wanted inputs once, with naersk's nixpkgs following ours", () => {
    const { inputs, unknown } = chooseInputs(["nixpkgs", "naersk"], ["nixpkgs", "mystery"], {
      ...context,
      existing: existing("extra", "github:a/extra"),
    });
    expect(inputs).toEqual([
      { name: "nixpkgs", url: "github:NixOS/nixpkgs/nixos-26.05", follows: {}, used: true },
      { name: "naersk", url: "github:nix-community/naersk", follows: { nixpkgs: "nixpkgs" }, used: true },
      { name: "extra", url: "github:a/extra", follows: {}, used: false },
    ]);
    expect(unknown).toEqual(["mystery"]);
  });
});
