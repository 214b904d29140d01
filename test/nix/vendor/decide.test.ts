import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFlakeReference } from "../../../src/nix/flake-reference.ts";
import { type InputPolicy, inputPolicySchema } from "../../../src/nix/policy/policy.ts";
import { standing } from "../../../src/nix/policy/reference.ts";
import { decide, type RemoteBranches } from "../../../src/nix/vendor/decide.ts";

const policy: InputPolicy = inputPolicySchema.parse({
  org: "acme",
  ref: "^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$",
  forks: {
    "NixOS/nixpkgs": "feature/CRQ-016-nixify",
    "numtide/flake-utils": "feature/CRQ-017-utils",
    "old/thing": "main",
    "a/twice": "feature/CRQ-001-a",
    "b/twice": "feature/CRQ-002-b",
  },
  exception: [{ url: "github:kept/as-is", reason: "they sign it", input: "kept" }],
});

const network = new Map<string, RemoteBranches>([
  ["one", { branches: ["main", "feature/CRQ-020-one", "feature/nothing"] }],
  ["two", { branches: ["feature/CRQ-021-a", "feature/CRQ-022-b"] }],
  ["none", { branches: ["main"] }],
  ["gone", { problem: "repository not found" }],
]);

const decided = (url: string | undefined, name = "x", asked?: typeof network): string => {
  const decision = decide({ name, override: false, ...(url !== undefined && { url }) }, policy, "2026-11-20", asked);
  return decision.kind === "rewrite"
    ? `${decision.to} (${decision.foundIn})`
    : `${decision.reason}${decision.offPolicy ? " off" : ""}: ${decision.message}`;
};

describe("what becomes of a source", () => {
  test.each([
    ["github:NixOS/nixpkgs/nixos-26.05", "github:acme/nixpkgs?ref=feature/CRQ-016-nixify (forks)"],
    ["github:nixos/NixPkgs?dir=lib&ref=master", "github:acme/NixPkgs?ref=feature/CRQ-016-nixify&dir=lib (forks)"],
    [
      "github:NixOS/nixpkgs?rev=0123456789abcdef0123456789abcdef01234567",
      "github:acme/nixpkgs?ref=feature/CRQ-016-nixify (forks)",
    ],
    ["github:acme/nixpkgs", "github:acme/nixpkgs?ref=feature/CRQ-016-nixify (forks)"],
    ["github:ACME/flake-utils/main", "github:acme/flake-utils?ref=feature/CRQ-017-utils (forks)"],
    ["github:acme/nixpkgs/feature/CRQ-099-other", "on-policy: github:acme/nixpkgs/feature/CRQ-099-other"],
    ["path:./sub", "local off: 'path:./sub' is a place on this machine; publish it and name it by its repository"],
    [
      "nixpkgs",
      "other-host off: 'nixpkgs' is a name that Nix asks a registry for, not a source, so it has no fork that would be known",
    ],
    [
      "git+https://github.com/NixOS/nixpkgs",
      "other-host off: 'git+https://github.com/NixOS/nixpkgs' is no github: reference to github.com, so it has no fork that would be known",
    ],
    [
      "github:numtide/flake-utils-plus",
      'no-fork off: no branch of acme/flake-utils-plus is known; name it in crq-agent.toml, [policy.inputs.forks]: "numtide/flake-utils-plus" = "feature/CRQ-NNN-…", or look for it with --network',
    ],
    ["github:old/thing", expect.stringMatching(/^fork-off-policy off: its fork is off policy too: the ref 'main' of/u)],
    [
      "github:acme/twice",
      "several-branches off: [policy.inputs.forks] names feature/CRQ-001-a and feature/CRQ-002-b for twice; keep one",
    ],
    ["github:a/b?ref=x&ref=y", expect.stringMatching(/^not-a-reference off: /u)],
    [undefined, "not-a-reference off: inputs.x names no source"],
  ])("%s", (url, expected) => {
    expect(decided(url)).toEqual(expected);
  });

  test("an exception is its input's alone", () => {
    expect([decided("github:kept/as-is", "kept"), decided("github:kept/as-is", "other").split(":")[0]]).toEqual([
      "exception: they sign it",
      "no-fork off",
    ]);
  });

  test("the fork's own branches are asked where the configuration names none", () => {
    expect(["one", "two", "none", "gone", "unasked"].map((repo) => decided(`github:up/${repo}`, "x", network))).toEqual([
      "github:acme/one?ref=feature/CRQ-020-one (network)",
      'several-branches off: acme/two has several branches that match: feature/CRQ-021-a, feature/CRQ-022-b; name it in crq-agent.toml, [policy.inputs.forks]: "up/two" = "feature/CRQ-NNN-…"',
      "no-fork off: no branch of acme/none matches ^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$ (it has 1)",
      "no-fork off: acme/gone did not answer with its branches: repository not found",
      "no-fork off: acme/unasked did not answer with its branches: was not asked",
    ]);
    expect(decided("github:NixOS/nixpkgs", "x", network)).toBe("github:acme/nixpkgs?ref=feature/CRQ-016-nixify (forks)");
  });
});

const segment = fc
  .string({ unit: fc.constantFrom(..."aZ09-._é'\"$ {%&?"), minLength: 1, maxLength: 6 })
  .filter((text) => !/^\.+$/u.test(text));

test("whatever is rewritten keeps its repository and dir, obeys the policy, is decided on once, and ends no literal", () => {
  fc.assert(
    fc.property(segment, segment, fc.option(segment, { nil: undefined }), (owner, repo, dir) => {
      const query = dir === undefined ? "" : `?dir=${encodeURIComponent(dir)}`;
      const url = `github:${encodeURIComponent(owner)}/${encodeURIComponent(repo)}${query}`;
      const forks = { [`${owner}/${repo}`]: "feature/CRQ-016-nixify" };
      const own = { ...policy, forks };
      const decision = decide({ name: "x", override: false, url }, own, "2026-11-20");
      if (decision.kind === "skip") throw new Error(decision.message);
      expect(parseFlakeReference(decision.to)).toEqual({
        type: "github",
        owner: "acme",
        repo,
        ref: "feature/CRQ-016-nixify",
        ...(dir !== undefined && { dir }),
      });
      expect(decision.to).not.toMatch(/["'$\\\s]/u);
      expect(standing(decision.to, { input: "x" }, own, "2026-11-20")).toEqual({ kind: "obeys" });
    }),
  );
});
