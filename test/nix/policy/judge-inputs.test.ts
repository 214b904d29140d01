import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { FlakeLock } from "../../../src/nix/lock.ts";
import type { FlakeInputs, ParsedInput } from "../../../src/nix/nix.ts";
import { judgeInputs } from "../../../src/nix/policy/judge-inputs.ts";
import { type InputPolicy, inputPolicySchema } from "../../../src/nix/policy/policy.ts";

const policy: InputPolicy = inputPolicySchema.parse(
  parse(String.raw`
org = "meta-introspector"
ref = '^feature/CRQ-\d{3,}-[a-z0-9][a-z0-9-]*$'
[forks]
"NixOS/nixpkgs" = "feature/CRQ-016-nixify"
[[exception]]
url = "github:meta-introspector/ai-ml-zk-ops?ref=feature/concept-to-nix-8s"
reason = "CRQ-001 names this branch"
[[exception]]
url = "github:other/old"
input = "old"
reason = "until it is forked"
until = 2026-12-31
`),
);

const GOOD = "github:meta-introspector/nixpkgs?ref=feature/CRQ-016-nixify";
const input = (name: string, url: string | undefined, more: Partial<ParsedInput> = {}): ParsedInput => ({
  name,
  overrides: {},
  ...(url !== undefined && { url }),
  ...more,
});
const flake = (inputs: readonly ParsedInput[], outputArguments: Record<string, boolean> = {}): FlakeInputs => ({
  inputs,
  outputArguments,
  nixConfig: {},
});
const judge = (inputs: FlakeInputs, lock?: FlakeLock, today = "2026-11-20"): readonly string[] =>
  judgeInputs({ policy, inputs, today, ...(lock && { lock }) }).map(
    ({ severity, rule, input: name }) => `${severity} ${rule} ${name}`,
  );

test("the schema fills in defaults and refuses what it does not know", () => {
  expect(policy).toEqual({
    org: "meta-introspector",
    ref: "^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$",
    transitive: "warn",
    forks: { "NixOS/nixpkgs": "feature/CRQ-016-nixify" },
    exception: [
      { url: "github:meta-introspector/ai-ml-zk-ops?ref=feature/concept-to-nix-8s", reason: "CRQ-001 names this branch" },
      { url: "github:other/old", input: "old", reason: "until it is forked", until: "2026-12-31" },
    ],
  });
  for (const bad of [
    { org: "x" },
    { org: "x", ref: "(" },
    { org: "x", ref: "a", unknown: 1 },
    { org: "x", ref: "a", exception: [{ url: "u" }] },
  ]) {
    expect(inputPolicySchema.safeParse(bad).success).toBe(false);
  }
});

describe("declared inputs", () => {
  test.each([
    [GOOD, undefined],
    ["github:META-Introspector/nixpkgs/feature/CRQ-016-nixify", undefined],
    [`${GOOD}&dir=nix`, undefined],
    ["github:meta-introspector/nixpkgs?dir=a&ref=feature%2FCRQ-016-nixify", undefined],
    ["github:meta-introspector/ai-ml-zk-ops/feature/concept-to-nix-8s", undefined],
    ["github:meta-introspector/ai-ml-zk-ops?ref=feature/concept-to-nix-8s&dir=x", "other-ref"],
    ["github:NixOS/nixpkgs?ref=feature/CRQ-016-nixify", "other-owner"],
    ["github:meta-introspector/nixpkgs", "no-ref"],
    [`github:meta-introspector/nixpkgs/${"a".repeat(40)}`, "no-ref"],
    ["github:meta-introspector/nixpkgs?ref=feature/crq-016-nixify", "other-ref"],
    ["github:meta-introspector/nixpkgs?ref=feature/CRQ-016-nixify&host=git.example.org", "other-host"],
    ["gitlab:meta-introspector/nixpkgs?ref=feature/CRQ-016-nixify", "other-host"],
    ["path:./sub", "local"],
    ["../x", "local"],
    ["git+file:///x", "local"],
    ["git+https://github.com/meta-introspector/nixpkgs?ref=feature/CRQ-016-nixify", "other-host"],
    ["nixpkgs", "other-host"],
    ["foo bar", "not-a-reference"],
    // Nix takes the first of two parameters of one name (seen with 2.26.3), and refuses a path and a parameter that both name a ref.
    [`github:meta-introspector/nixpkgs?ref=evil&ref=feature/CRQ-016-nixify`, "not-a-reference"],
    [`github:meta-introspector/nixpkgs?ref=feature/CRQ-016-nixify&ref=evil`, "not-a-reference"],
    ["github:meta-introspector/nixpkgs/evil?ref=feature/CRQ-016-nixify", "not-a-reference"],
    [`${GOOD}&rev=${"a".repeat(40)}`, "not-a-reference"],
    [`github:meta-introspector/nixpkgs/${"a".repeat(40)}?ref=feature/CRQ-016-nixify`, "not-a-reference"],
    ["~/x", "local"],
    ["/x", "local"],
    ["./x", "local"],
    ["file:///x", "local"],
    ["git+https://example.org/x?ref=feature/CRQ-016-nixify", "other-host"],
  ])("%s: %s", (url, rule) => {
    expect(judge(flake([input("x", url)]))).toEqual(rule === undefined ? [] : [`error ${rule} x`]);
  });

  test("an exception is for its input and ends", () => {
    expect(judge(flake([input("old", "github:other/old"), input("new", "github:other/old")]))).toEqual(["error other-owner new"]);
    expect(judge(flake([input("old", "github:other/old")]), undefined, "2027-01-01")).toEqual(["error other-owner old"]);
  });

  test("an input that follows itself, or others in a circle, has no source", () => {
    const inputs = [
      input("own", undefined, { follows: "own" }),
      input("a", undefined, { follows: "b" }),
      input("b", undefined, { follows: "a/x" }),
      input("c", undefined, { follows: "" }),
      input("good", GOOD, { overrides: { x: { follows: "good" }, y: { follows: "b" }, z: { follows: "nowhere" } } }),
    ];
    expect(judge(flake(inputs))).toEqual([
      "error follows-missing own",
      "error follows-missing a",
      "error follows-missing b",
      "error follows-missing good/y",
      "error follows-missing good/z",
    ]);
  });

  test("an override of an input's input is a source like any other, as deep as it stands", () => {
    const overrides = {
      nixpkgs: { url: "github:NixOS/nixpkgs" },
      utils: { url: GOOD },
      "utils/deep": { url: "path:../x" },
      empty: { flake: false },
    };
    expect(judgeInputs({ policy, inputs: flake([input("x", GOOD, { overrides })]), today: "2026-11-20" })).toEqual([
      {
        severity: "error",
        rule: "other-owner",
        input: "x/nixpkgs",
        url: "github:NixOS/nixpkgs",
        message: "'github:NixOS/nixpkgs' belongs to 'NixOS', not to 'meta-introspector'",
        next: expect.stringMatching(/^Write it as github:meta-introspector\/REPO/u),
      },
      expect.objectContaining({ severity: "error", rule: "local", input: "x/utils/deep" }),
    ]);
  });

  test("inputs.self says how the flake itself is fetched, and is no source", () => {
    expect(judge(flake([input("self", undefined)]))).toEqual([]);
    expect(judge(flake([input("self", "github:o/r")]))).toEqual(["error other-owner self"]);
  });

  test("of two inputs where one name begins with the other only the one that breaks the policy is named", () => {
    expect(judge(flake([input("flake-utils", GOOD), input("flake-utils-plus", "github:numtide/flake-utils-plus")]))).toEqual([
      "error other-owner flake-utils-plus",
    ]);
  });

  test("follows must lead to a declared input; arguments without an input are taken from a registry", () => {
    const inputs = [
      input("nixpkgs", GOOD),
      input("same", undefined, { follows: "nixpkgs" }),
      input("typo", undefined, { follows: "nixpkgz" }),
      input("nothing", undefined),
    ];
    expect(judge(flake(inputs, { self: false, nixpkgs: false, hidden: true }))).toEqual([
      "error follows-missing typo",
      "error not-a-reference nothing",
      "error undeclared hidden",
    ]);
  });
});

describe("the lock", () => {
  const node = (owner: string, ref: string): FlakeLock["nodes"][string] => ({
    locked: { type: "github", owner, repo: "r", rev: "a".repeat(40), narHash: "sha256-x" },
    original: { type: "github", owner, repo: "r", ref },
  });
  const url = "github:meta-introspector/r?ref=feature/CRQ-001-x";
  const lock = (nodes: FlakeLock["nodes"]): FlakeLock => ({ version: 7, root: "root", nodes });

  test("direct nodes are judged, others by the policy's word", () => {
    const good = lock({
      root: { inputs: { r: "r" } },
      r: { ...node("meta-introspector", "feature/CRQ-001-x"), inputs: { n: "n" } },
      n: node("NixOS", "main"),
    });
    const declared = flake([input("r", url)]);
    expect(judge(declared, good)).toEqual(["warning transitive n"]);
    const strict = judgeInputs({ policy: { ...policy, transitive: "error" }, inputs: declared, lock: good, today: "2026-11-20" });
    expect(strict).toEqual([
      {
        severity: "error",
        rule: "transitive",
        input: "n",
        url: "github:NixOS/r?ref=main",
        message: "the input of an input 'n' comes from github:NixOS/r?ref=main",
        next: "Let it follow a direct input (inputs.X.inputs.n.follows), or add an exception with a reason.",
      },
    ]);
    expect(
      judgeInputs({ policy: { ...policy, transitive: "ignore" }, inputs: declared, lock: good, today: "2026-11-20" }),
    ).toEqual([]);
  });

  test("a lock that pins something else", () => {
    expect(judge(flake([input("r", url)]), lock({ root: { inputs: {} } }))).toEqual(["error lock-missing r"]);
    expect(judge(flake([input("r", url)]), lock({ root: { inputs: { r: "r" } }, r: node("evil", "feature/CRQ-001-x") }))).toEqual(
      ["error lock-differs r", "error lock-owner r"],
    );
  });

  test("a lock that leads elsewhere than its original says", () => {
    const leads = (locked: Record<string, string>, wanted = url): readonly string[] => {
      const good = node("meta-introspector", "feature/CRQ-001-x");
      return judge(
        flake([input("r", wanted)]),
        lock({ root: { inputs: { r: "r" } }, r: { ...good, locked: { ...good.locked, ...locked } } }),
      );
    };
    expect(leads({})).toEqual([]);
    expect(leads({ owner: "META-introspector", host: "github.com" })).toEqual([]);
    for (const elsewhere of [
      { owner: "evil" },
      { repo: "other" },
      { type: "gitlab" },
      { host: "git.example.org" },
      { type: "path" },
    ])
      expect(leads(elsewhere)).toEqual(["error lock-owner r"]);
  });

  test("an exception lets its own repository through, not whatever the lock says", () => {
    const excepted = (owner: string): FlakeLock["nodes"][string] => ({
      locked: { type: "github", owner, repo: "old", rev: "a".repeat(40), narHash: "sha256-x" },
      original: { type: "github", owner: "other", repo: "old" },
    });
    const declared = flake([input("old", "github:other/old")]);
    expect(judge(declared, lock({ root: { inputs: { old: "old" } }, old: excepted("other") }))).toEqual([]);
    expect(judge(declared, lock({ root: { inputs: { old: "old" } }, old: excepted("evil") }))).toEqual(["error lock-owner old"]);
  });

  test("an archive's host may give a lasting address; an input that is taken out has no source", () => {
    const archive = { type: "tarball", url: "https://example.org/x/main.tar.gz" };
    const lasting = { locked: { ...archive, url: "https://example.org/x/1.tar.gz", narHash: "sha256-x" }, original: archive };
    const rules = { ...policy, exception: [{ url: "https://example.org/x/main.tar.gz", reason: "signed" }] };
    const inputs = flake([input("x", "https://example.org/x/main.tar.gz"), input("none", undefined, { follows: "" })]);
    const written = lock({ root: { inputs: { x: "x", none: [] } }, x: lasting });
    expect(judgeInputs({ policy: rules, inputs, lock: written, today: "2026-11-20" })).toEqual([]);
  });

  test("what follows an input of an input is judged by where it ends; what follows a declared one is said once", () => {
    const nodes = {
      root: { inputs: { r: "r", same: ["r"], theirs: ["r", "n"] } },
      r: { ...node("meta-introspector", "feature/CRQ-001-x"), inputs: { n: "n" } },
      n: node("NixOS", "main"),
    };
    const inputs = [input("r", url), input("same", undefined, { follows: "r" }), input("theirs", undefined, { follows: "r/n" })];
    expect(judge(flake(inputs), lock(nodes))).toEqual(["error lock-owner theirs"]);
    expect(judge(flake([...inputs, input("typo", undefined, { follows: "r/m" })]), lock(nodes))).toEqual([
      "error follows-missing typo",
      "error lock-owner theirs",
      "error lock-missing typo",
    ]);
  });

  test("overrides are looked for below their input; one that overrides nothing is pointed at", () => {
    const nodes = {
      root: { inputs: { r: "r" } },
      r: { ...node("meta-introspector", "feature/CRQ-001-x"), inputs: { n: "n" } },
      n: node("evil", "feature/CRQ-001-x"),
    };
    const declared = flake([input("r", url, { overrides: { n: { url }, gone: { url }, also: { follows: "r" } } })]);
    expect(judge(declared, lock(nodes))).toEqual([
      "warning override-missing r/gone",
      "warning override-missing r/also",
      "error lock-differs r/n",
      "error lock-owner r/n",
    ]);
  });

  test("a flake of an input's own tree comes from where the input comes from", () => {
    const nodes = {
      root: { inputs: { r: "r" } },
      r: { ...node("meta-introspector", "feature/CRQ-001-x"), inputs: { sub: "sub" } },
      sub: { locked: { type: "path", path: "./sub" }, original: { type: "path", path: "./sub" }, parent: ["r"] },
    };
    expect(judge(flake([input("r", url)]), lock(nodes))).toEqual([]);
  });
});
