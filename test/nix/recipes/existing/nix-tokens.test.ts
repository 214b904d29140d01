import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nixTokens, plainString } from "../../../../src/nix/recipes/existing/nix-tokens.ts";
import { indentedString, string } from "../../../../src/nix/recipes/nix-syntax.ts";

const texts = (source: string) => nixTokens(source).map((token) => token.text);

describe("nixTokens", () => {
  it("takes strings whole, whatever stands in them", () => {
    expect(texts(`a = "x \${f { b = "}"; }} y"; c = ''d \${"''"} ''' ''\${e} #f'';`)).toEqual([
      "a",
      "=",
      `"x \${f { b = "}"; }} y"`,
      ";",
      "c",
      "=",
      `''d \${"''"} ''' ''\${e} #f''`,
      ";",
    ]);
  });

  it("leaves comments out and keeps paths and hyphenated names whole", () => {
    expect(texts("./. # x\n/* ; */ ./a/b.nix flake-utils <nixpkgs>")).toEqual(["./.", "./a/b.nix", "flake-utils", "<nixpkgs>"]);
  });

  it("ends an open string at the end of the file and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('"', "''", "${", "}", "{", "\\", "a", " ", "#", "/*", "\n", "$")), (parts) => {
        const source = parts.join("");
        for (const token of nixTokens(source)) expect(source.slice(token.start, token.end)).toBe(token.text);
      }),
    );
  });

  it("sees every string that the recipes write as one token", () => {
    const text = fc.array(fc.constantFrom("'", "''", "${", "$", '"', "\\", "a", "\n", "}")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (value) => {
        expect(nixTokens(string(value)).map((token) => token.kind)).toEqual(["string"]);
        expect(nixTokens(indentedString(value)).map((token) => token.kind)).toEqual(["string"]);
        const [only] = nixTokens(string(value));
        expect(only && plainString(only)?.replaceAll("\\$", "$")).toBe(value.replaceAll("\\$", "$"));
      }),
    );
  });
});
