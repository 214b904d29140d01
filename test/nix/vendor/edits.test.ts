import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FlakeInputs } from "../../../src/nix/nix.ts";
import { withSource } from "../../../src/nix/vendor/edits.ts";
import { differsBeyond } from "../../../src/nix/vendor/proof.ts";
import { NixPlace } from "../place.ts";

/** Edits and their proofs by real evaluations. */

let place: NixPlace;
beforeAll(() => {
  place = new NixPlace();
});
afterAll(() => place.close());

async function evaluated(source: string, more: Readonly<Record<string, string>> = {}): Promise<FlakeInputs> {
  const result = await place.nix.inputs(await place.flake("edits", { "flake.nix": source, ...more }));
  if (!result.ok) throw new Error(result.log);
  return result.value;
}

const FORK = "github:acme/r?ref=feature/CRQ-001-r&dir=d";

/** The new source with its proof, or the problem. */
async function rewritten(source: string, name: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const before = await evaluated(source, more);
  const [input = "", ...path] = name.split("/");
  const declared = before.inputs.find((each) => each.name === input);
  const edited = withSource(source, (path.length > 0 ? declared?.overrides[path.join("/")] : declared) ?? {}, FORK);
  if ("problem" in edited) return `problem: ${edited.problem}`;
  const differs = differsBeyond(before, await evaluated(edited.source, more), name, FORK);
  return differs === undefined ? edited.source : `unproven: ${differs}`;
}

describe("a url", () => {
  test.each([
    [
      "of two names where one begins with the other",
      '{ inputs = { r-plus.url = "github:o/r-plus"; r.url = "github:o/r"; }; outputs = _: { }; }',
      "r",
      `{ inputs = { r-plus.url = "github:o/r-plus"; r.url = "${FORK}"; }; outputs = _: { }; }`,
    ],
    [
      "that stands twice: only its own literal",
      '{ inputs.a.url = "github:o/r"; inputs.r.url = "github:o/r"; outputs = _: { x = "github:o/r"; }; }',
      "r",
      `{ inputs.a.url = "github:o/r"; inputs.r.url = "${FORK}"; outputs = _: { x = "github:o/r"; }; }`,
    ],
    [
      "in a comment stays",
      '{\r\n  # r.url = "github:o/r"; 𝄞\r\n  inputs.r = { url = /* ü */ "github:o/r"; flake = false; };\r\n  outputs = _: { };\r\n}',
      "r",
      `{\r\n  # r.url = "github:o/r"; 𝄞\r\n  inputs.r = { url = /* ü */ "${FORK}"; flake = false; };\r\n  outputs = _: { };\r\n}`,
    ],
    [
      "in an indented string",
      "{ inputs.r.url = ''github:o/r''; outputs = _: { }; }",
      "r",
      `{ inputs.r.url = ''${FORK}''; outputs = _: { }; }`,
    ],
    [
      "without quotes gets some",
      "{ inputs.r.url = github:o/r; outputs = _: { }; }",
      "r",
      `{ inputs.r.url = "${FORK}"; outputs = _: { }; }`,
    ],
    [
      "of an input's input",
      '{ inputs.a = { url = "github:o/a"; inputs.r.url = "github:o/r"; }; outputs = _: { }; }',
      "a/r",
      `{ inputs.a = { url = "github:o/a"; inputs.r.url = "${FORK}"; }; outputs = _: { }; }`,
    ],
    [
      "behind a variable",
      'let u = "github:o/r"; in { inputs.r.url = u; outputs = _: { }; }',
      "r",
      "problem: its url is not a literal (flake.nix:1:28): it is computed, inherited or holds an antiquotation",
    ],
    [
      "with an antiquotation",
      '{ inputs.r.url = "github:${"o"}/r"; outputs = _: { }; }',
      "r",
      "problem: its url is not a literal (flake.nix:1:3): it is computed, inherited or holds an antiquotation",
    ],
    [
      "that is inherited",
      'let c = { url = "github:o/r"; }; in { inputs.r = { inherit (c) url; }; outputs = _: { }; }',
      "r",
      "problem: its url is not a literal (flake.nix:1:64): it is computed, inherited or holds an antiquotation",
    ],
    [
      "without a place",
      "{ inputs.r = builtins.mapAttrs (_: v: v) { url = ''github:o/r''; }; outputs = _: { }; }",
      "r",
      "problem: its url is computed, so there is no literal to replace",
    ],
    [
      "of a set that two inputs share",
      'let s = { url = "github:o/r"; }; in { inputs = { a = s; r = s; }; outputs = _: { }; }',
      "r",
      "unproven: 'a' would change too",
    ],
    [
      "that another input is computed from",
      '{ inputs = rec { a.url = r.url + "-a"; r.url = "github:o/r"; }; outputs = _: { }; }',
      "r",
      "unproven: 'a' would change too",
    ],
    [
      "that is changed on its way",
      '{ inputs.r = let s = { url = "github:o/r"; }; in s // { url = builtins.replaceStrings [ "o/" ] [ "p/" ] s.url; }; outputs = _: { }; }',
      "r",
      expect.stringMatching(/^problem: its url is not a literal/u),
    ],
  ])("%s", async (_, source, name, expected) => {
    expect(await rewritten(source, name)).toEqual(expected);
  });

  test("in another file is not touched", async () => {
    const source = "{ inputs.r = import ./r.nix; outputs = _: { }; }";
    expect(await rewritten(source, "r", { "r.nix": '{ url = "github:o/r"; }' })).toBe(
      "problem: its url stands in another file (r.nix:1:3)",
    );
  });
});

describe("an attribute set", () => {
  const set = (rest: string): string =>
    `{ inputs.r = { type = "github"; owner = "o"; repo = "r"; dir = "d"; ${rest}}; outputs = _: { }; }`;
  const become = (rest: string): string => `{ inputs.r = { type = "github"; owner = "acme"; ${rest}}; outputs = _: { }; }`;
  test.each([
    ["with a ref", set('ref = "main"; '), become('repo = "r"; dir = "d"; ref = "feature/CRQ-001-r"; ')],
    [
      "with a revision, which makes way for the ref",
      set('rev = "0123456789abcdef0123456789abcdef01234567"; '),
      become('repo = "r"; dir = "d"; ref = "feature/CRQ-001-r"; '),
    ],
    ["without either", set(""), become('ref = "feature/CRQ-001-r"; repo = "r"; dir = "d"; ')],
    [
      "on lines of its own",
      '{\r\n  inputs.r.type = "github";\r\n  inputs.r.owner = "o";\r\n  inputs.r.repo = "r";\r\n  inputs.r.dir = "d";\r\n  outputs = _: { };\r\n}',
      '{\r\n  inputs.r.type = "github";\r\n  inputs.r.owner = "acme";\r\n  inputs.r.ref = "feature/CRQ-001-r";\r\n  inputs.r.repo = "r";\r\n  inputs.r.dir = "d";\r\n  outputs = _: { };\r\n}',
    ],
    [
      "whose hash pins something else",
      set('narHash = "sha256-x"; '),
      expect.stringMatching(/^unproven: the input 'r' evaluates to .*narHash/u),
    ],
    [
      "whose owner is computed",
      '{ inputs.r = { type = "github"; owner = "o" + ""; repo = "r"; dir = "d"; }; outputs = _: { }; }',
      "problem: its owner is not a literal (flake.nix:1:33): it is computed, inherited or holds an antiquotation",
    ],
  ])("%s", async (_, source, expected) => {
    expect(await rewritten(source, "r")).toEqual(expected);
  });
});
