import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind, file, indentedString, key, letIn, list, path, set, string } from "../../../src/nix/recipes/nix-syntax.ts";
import { evaluateNix, parseNix } from "./nix-command.ts";

/** Text made of what breaks Nix strings, and of anything else. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", "''", "'''", "${", "$", "$$", "{", "}", '"', "\\", "\n", "\t", "a", " ", "é", "\u{1f600}"),
      fc.string({ unit: "grapheme" }),
    ),
  )
  .map((parts) => parts.join("").replaceAll("\0", "").replaceAll("\r", ""))
  .filter((text) => text.isWellFormed());

/** One Nix process for many values. */
const samples = fc.sample(nasty, { numRuns: 400, seed: 7 });

describe("string", () => {
  it("evaluates to the text it was given, whatever the text", async () => {
    expect(await evaluateNix(list(samples.map(string)))).toEqual(samples);
  });

  it("cannot be left by a text that tries to", () => {
    expect(string(`"; evil = "\${builtins.readFile /etc/passwd}`)).toBe(`"\\"; evil = \\"\\\${builtins.readFile /etc/passwd}"`);
  });
});

describe("indentedString", () => {
  it("evaluates to the text it was given plus a line end, and never holds three quotes in a row", async () => {
    // Nix strips the indentation all lines share, so the first line must have none.
    const unindented = samples.map((text) => `x${text}`);
    const written = unindented.map(indentedString);
    for (const code of written) expect(code).not.toContain("'''");
    expect(await evaluateNix(list(written))).toEqual(unindented.map((text) => `${text}\n`));
  });
});

describe("attribute names and paths", () => {
  it("quotes what is no identifier", async () => {
    expect(["greet", "text-stats", "a.b", "in", "9lives", ""].map(key)).toEqual([
      "greet",
      "text-stats",
      '"a.b"',
      '"in"',
      '"9lives"',
      '""',
    ]);
    expect(path("packages", "x86_64-linux", "a b")).toBe('packages.x86_64-linux."a b"');
    const names = [...new Set(samples)];
    expect(await evaluateNix(`builtins.attrNames ${set(names.map((name) => bind(key(name), "1")))}`)).toHaveLength(names.length);
  });

  it("writes files that a path literal cannot hold as additions", async () => {
    expect([".", "Cargo.lock", "crates/a-b/Cargo.toml", "my crate/Cargo.toml", "a~b", "ü/x"].map(file)).toEqual([
      "./.",
      "./Cargo.lock",
      "./crates/a-b/Cargo.toml",
      '(./. + "/my crate/Cargo.toml")',
      '(./. + "/a~b")',
      '(./. + "/ü/x")',
    ]);
    await parseNix(list(["Cargo.lock", `my \${crate}/"x"`, "..."].map(file)));
  });
});

describe("layout", () => {
  it("puts a set behind its key and a let below it", () => {
    expect(bind("a", set([bind("b", "1")]))).toBe("a = {\n  b = 1;\n};");
    expect(bind("a", letIn([bind("b", "1")], "b"))).toBe("a =\n  let\n    b = 1;\n  in\n  b;");
    expect(list([])).toBe("[ ]");
    expect(list(["a"])).toBe("[ a ]");
    expect(list(["a", "b"])).toBe("[\n  a\n  b\n]");
  });
});
