import { describe, expect, test } from "vitest";
import { addBinding, addElements } from "../../../../../src/nix/mechanics/code/edit/arguments.ts";
import { argumentSets } from "../../../../../src/nix/mechanics/code/edit/builder-calls.ts";
import { parseNix } from "../../../recipes/nix-command.ts";

const NAMING = { prefix: "pkgs.", severalPlatforms: false };
const call = (inner: string): string =>
  `{ pkgs }:\n{\n  tool = pkgs.rustPlatform.buildRustPackage {\n    pname = "tool";\n${inner}  };\n}\n`;

/** The text with the elements among an argument of its one builder. */
function withInputs(text: string, attributes: readonly string[], naming = NAMING): string | undefined {
  const [open = -1] = argumentSets(text, undefined, "buildInputs");
  return addElements(
    text,
    open,
    "buildInputs",
    attributes.map((attribute) => ({ attribute })),
    naming,
  );
}

describe("elements of a list argument", () => {
  test.each([
    ["no argument yet", "", "    buildInputs = [ pkgs.openssl pkgs.zlib ];\n"],
    ["a list on one line", "    buildInputs = [ pkgs.zlib ];\n", "    buildInputs = [ pkgs.zlib pkgs.openssl ];\n"],
    ["an empty list", "    buildInputs = [ ];\n", "    buildInputs = [ pkgs.openssl pkgs.zlib ];\n"],
    [
      "one element a line",
      "    buildInputs = [\n      pkgs.curl # for sync\n      pkgs.zlib\n    ];\n",
      "    buildInputs = [\n      pkgs.curl # for sync\n      pkgs.zlib\n      pkgs.openssl\n    ];\n",
    ],
    ["with pkgs", "    buildInputs = with pkgs; [ zlib ];\n", "    buildInputs = with pkgs; [ zlib openssl ];\n"],
    [
      "a condition before the list",
      "    buildInputs = pkgs.lib.optionals true [ pkgs.curl ] ++ [ pkgs.zlib ];\n",
      "    buildInputs = pkgs.lib.optionals true [ pkgs.curl ] ++ [ pkgs.zlib pkgs.openssl ];\n",
    ],
    [
      "a condition alone",
      "    buildInputs = pkgs.lib.optionals true [ pkgs.curl ];\n",
      "    buildInputs = pkgs.lib.optionals true [ pkgs.curl ] ++ [ pkgs.openssl pkgs.zlib ];\n",
    ],
    ["a name", "    buildInputs = libraries;\n", "    buildInputs = libraries ++ [ pkgs.openssl pkgs.zlib ];\n"],
  ])("%s", async (_, inner, expected) => {
    const after = withInputs(call(inner), ["openssl", "zlib"]);
    expect(after).toBe(call(expected));
    if (!inner.includes("libraries")) await parseNix(after ?? "");
    expect(withInputs(after ?? "", ["openssl", "zlib"])).toBe(after);
  });

  test("a value that chooses is left alone", () => {
    expect(withInputs(call("    buildInputs = if true then a else b;\n"), ["zlib"])).toBeUndefined();
  });

  test("what exists on Linux alone comes under its condition where the flake has other systems", () => {
    const text = call("    buildInputs = [ pkgs.zlib ];\n");
    const [open = -1] = argumentSets(text, undefined);
    const added = (severalPlatforms: boolean): string | undefined =>
      addElements(text, open, "buildInputs", [{ attribute: "alsa-lib", only: "linux" }], { prefix: "pkgs.", severalPlatforms });
    expect([added(false), added(true)]).toEqual([
      call("    buildInputs = [ pkgs.zlib pkgs.alsa-lib ];\n"),
      call("    buildInputs = [ pkgs.zlib ] ++ pkgs.lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.alsa-lib ];\n"),
    ]);
  });
});

test("a variable is added once", () => {
  const [open = -1] = argumentSets(call(""), undefined);
  const once = addBinding(call(""), open, "OPENSSL_NO_VENDOR", '"1"') ?? "";
  expect(once).toBe(call('    OPENSSL_NO_VENDOR = "1";\n'));
  expect(addBinding(once, open, "OPENSSL_NO_VENDOR", '"1"')).toBeUndefined();
});

describe("the sets that describe a failing build", () => {
  const places = (text: string, name?: string): readonly string[] =>
    argumentSets(text, name === undefined ? undefined : { name, owner: "own" }, "buildInputs").map((open) =>
      text.slice(open, text.indexOf("}", open) + 1),
    );

  test.each([
    ["one call", "naersk'.buildPackage { src = ./.; }", ["{ src = ./.; }"]],
    [
      "a common set, which both steps of crane take",
      "let common = { src = ./.; }; in craneLib.buildPackage (common // { cargoArtifacts = craneLib.buildDepsOnly common; })",
      ["{ src = ./.; }"],
    ],
    [
      "what a call binds itself hides the common one",
      "let common = { src = ./.; }; in craneLib.buildPackage (common // { buildInputs = [ ]; })",
      ["{ buildInputs = [ ]; }", "{ src = ./.; }"],
    ],
    [
      "a common function",
      "let common = pkgs: { src = ./.; }; in f.buildRustPackage (common pkgs // { a = 1; })",
      ["{ src = ./.; }"],
    ],
    [
      "a function of named arguments",
      "let common = { pkgs, ... }: { src = ./.; }; in f.buildRustPackage (common args // { a = 1; })",
      ["{ src = ./.; }"],
    ],
    [
      "a common set that is made from another",
      "let source = { src = ./.; }; program = source // { a = 1; }; in [ (c.buildDepsOnly source) (c.cargoTest program) ]",
      ["{ src = ./.; }"],
    ],
    [
      "what a common set binds itself hides the one that it is made from, and the call hides both",
      "let source = { src = ./.; }; program = source // { buildInputs = [ ]; }; in c.buildPackage (program // { buildInputs = x; })",
      ["{ buildInputs = x; }", "{ buildInputs = [ ]; }", "{ src = ./.; }"],
    ],
    ["a common set that is made from what stands elsewhere", "let program = source // { a = 1; }; in c.cargoTest program", []],
    ["names that stand for each other", "let a = b // { }; b = a // { }; in c.cargoTest a", []],
    [
      "a common set with something behind it that is not written out",
      "let common = { src = ./.; } // lib.optionalAttrs x { a = 1; }; in c.buildPackage common",
      ["{ src = ./.; }"],
    ],
    ["a fixed point", "f.buildRustPackage (final: { src = ./.; })", ["{ src = ./.; }"]],
    [
      "mkDerivation only where there is nothing else",
      "[ (a.mkDerivation { a = 1; }) (b.buildPackage { b = 1; }) ]",
      ["{ b = 1; }"],
    ],
    ["mkDerivation alone", "a.mkDerivation { a = 1; }", ["{ a = 1; }"]],
  ])("%s", (_, text, expected) => {
    expect(places(text)).toEqual(expected);
  });

  test("of several packages the one that has the derivation's name", () => {
    const two = '[ (a.buildRustPackage { pname = "one"; }) (a.buildRustPackage { pname = "two"; }) ]';
    expect(places(two, "two-1.0")).toEqual(['{ pname = "two"; }']);
    expect(places(two, "three-1.0")).toEqual(['{ pname = "two"; }', '{ pname = "one"; }']);
  });
});
