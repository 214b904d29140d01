import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SourcePlace } from "../../../src/nix/nix.ts";
import { literalAt, offsetOf } from "../../../src/nix/vendor/literal.ts";
import { NixPlace } from "../place.ts";

/** What stands before a place, and the place as Nix counts it: computed here from the parts, not by looking for line ends. */
const prefix = fc
  .array(
    fc.record({
      text: fc.string({ unit: fc.constantFrom("a", " ", "\t", "ü", "€", "𝄞", "\u2028", "#", "'", '"'), maxLength: 6 }),
      end: fc.constantFrom("\n", "\r\n", "\r"),
    }),
    { maxLength: 5 },
  )
  // A lone CR and an empty line behind it that ends in LF are one CRLF.
  .filter((lines) => !lines.some(({ text, end }, i) => lines[i - 1]?.end === "\r" && text === "" && end === "\n"))
  .chain((lines) =>
    fc.string({ unit: fc.constantFrom("b", " ", "ß", "𝄞", "\t"), maxLength: 6 }).map((last) => ({
      text: `${lines.map(({ text, end }) => text + end).join("")}${last}`,
      line: lines.length + 1,
      column: Buffer.byteLength(last) + 1,
    })),
  );

test("a place of Nix is found in UTF-16 units, whatever ends the lines and however many bytes a letter has", () => {
  fc.assert(
    fc.property(prefix, ({ text, line, column }) => {
      expect(offsetOf(`${text}x = 1;\n`, { line, column })).toBe(text.length);
    }),
  );
});

test("a place that is none is not found", () => {
  const source = "ab\nü\n";
  const places = [
    [1, 4],
    [2, 2],
    [3, 2],
    [4, 1],
    [9, 1],
  ] as const;
  expect(places.map(([line, column]) => offsetOf(source, { line, column }))).toEqual(places.map(() => undefined));
});

describe("the literal of a binding", () => {
  const at = (source: string, marker = "§") => {
    const start = source.indexOf(marker);
    const text = source.replace(marker, "");
    const found = literalAt(text, { line: 1, column: Buffer.byteLength(text.slice(0, start)) + 1 });
    return found && { text: text.slice(found.literal.start, found.literal.end), value: found.value, prefix: found.prefix };
  };
  test.each<readonly [string, ReturnType<typeof at>]>([
    ['{ §inputs.x.url = "github:o/r"; }', { text: '"github:o/r"', value: "github:o/r", prefix: "inputs.x." }],
    ['{ x = { §url="a"; }; }', { text: '"a"', value: "a", prefix: "" }],
    ['{ §"inputs"."x".${"url"} = "a"; }', { text: '"a"', value: "a", prefix: '"inputs"."x".' }],
    ["{ §url = ''github:o/r''; }", { text: "''github:o/r''", value: "github:o/r", prefix: "" }],
    ["{ §url = https://example.org/x; }", { text: "https://example.org/x", value: "https://example.org/x", prefix: "" }],
    ['{ §url /* why */ = # here\n "a\\n\\${b}" /* c */ ; }', { text: '"a\\n\\${b}"', value: "a\n${b}", prefix: "" }],
    ['{ §url = "a" + "b"; }', undefined],
    ['{ §url = ("a"); }', undefined],
    ['{ §url = "a${b}"; }', undefined],
    ["{ §url = u; }", undefined],
    ["{ inherit §url; }", undefined],
    ["{ inherit (c) §url; }", undefined],
    ['{ §url = if x then "a" else "b"; }', undefined],
    ["{ §url = ./x; }", undefined],
    ['{ u§rl = "a"; }', undefined],
    ['{ # §url = "a";\n }', undefined],
    ['{ §url = "a', undefined],
    ["§", undefined],
  ])("%s", (source, expected) => {
    expect(at(source)).toEqual(expected);
  });
});

describe("the places that Nix gives", () => {
  let place: NixPlace;
  beforeAll(() => {
    place = new NixPlace();
  });
  afterAll(() => place.close());

  const NAMES = ["flake-utils", "flake-utils-plus", "nixpkgs"] as const;
  const form = fc.constantFrom(
    (name: string, url: string) => `inputs.${name}.url = ${url};`,
    (name: string, url: string) => `inputs.${name} = { url = ${url}; };`,
    (name: string, url: string) => `inputs = { "${name}".url = ${url}; };`,
    (name: string, url: string) => `inputs.${name} = { flake = false; "url"=${url}; };`,
  );
  const quoted = fc.constantFrom(
    (url: string) => `"${url}"`,
    (url: string) => `''${url}''`,
    (url: string) => url,
  );
  const filler = fc.constantFrom("\n", "\r\n", "\r", "\t", "  ", "/* ü€𝄞 */", "# 𝄞 “flake-utils” \n", "/* \r\n ß */ ");
  const flakes = fc.array(
    fc.record({ form, quoted, filler: fc.array(filler, { maxLength: 4 }).map((parts) => parts.join("")) }),
    { minLength: 3, maxLength: 3 },
  );

  test("lead to the literals, in sources with every line end and letters of several bytes", async () => {
    await fc.assert(
      fc.asyncProperty(flakes, async (parts) => {
        const bindings = parts.map((part, i) => part.filler + part.form(NAMES[i] ?? "", part.quoted(`github:o/${NAMES[i]}`)));
        const source = `{ ${bindings.join(" ")} outputs = _: { }; }`;
        const flake = await place.flake("places", { "flake.nix": source });
        const result = await place.nix.inputs(flake);
        const found = result.ok
          ? result.value.inputs.map(({ name, position }) => [name, literalAt(source, position as SourcePlace)?.value])
          : result.diagnoses[0].message;
        expect(found).toEqual(NAMES.map((name) => [name, `github:o/${name}`]));
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
