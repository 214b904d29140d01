import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BUILD_PROGRAMS, LINK_LIBRARIES, LINKERS, PKG_CONFIG_MODULES } from "../../../src/repo/sources/library-names.ts";
import { NATIVE_LIBRARIES } from "../../../src/repo/sources/native-libraries.ts";

const definition = z.strictObject({
  path: z.string().regex(/^pkgs\//),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  text: z.string().min(1).optional(),
});
/** Where each attribute was seen in nixpkgs; written by hand from nixpkgs, never from the table. */
const nixpkgs = z
  .strictObject({
    about: z.string(),
    renamed: z.record(z.string(), z.string()),
    unchecked: z.array(z.string()),
    attributes: z.record(z.string(), definition),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "nixpkgs-attributes.json"), "utf8")));

const attributesOf = (row: (typeof NATIVE_LIBRARIES)[number]): readonly string[] => [
  ...row.nativeBuildInputs,
  ...row.buildInputs,
  ...(row.bundled?.nativeBuildInputs ?? []),
  ...Object.values(row.byFeature ?? {}).flat(),
  ...(row.runtimeLibraries ?? []),
];

describe("the table of native libraries", () => {
  it("has at least 140 rows, each crate once, with well-formed variables", () => {
    expect(NATIVE_LIBRARIES.length).toBeGreaterThanOrEqual(140);
    expect(new Set(NATIVE_LIBRARIES.map((row) => row.crate)).size).toBe(NATIVE_LIBRARIES.length);
    for (const row of NATIVE_LIBRARIES) {
      expect(attributesOf(row).length, row.crate).toBeGreaterThan(0);
      for (const name of Object.keys(row.environment)) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
    }
  });

  it("names only attributes that were seen in a real nixpkgs, by the names they have there today", () => {
    const named = new Set([
      ...NATIVE_LIBRARIES.flatMap(attributesOf),
      ...[PKG_CONFIG_MODULES, LINK_LIBRARIES, BUILD_PROGRAMS, LINKERS].flatMap((names) => Object.values(names)),
    ]);
    expect([...named].filter((attribute) => !Object.hasOwn(nixpkgs.attributes, attribute))).toEqual([]);
    expect([...named].filter((attribute) => Object.hasOwn(nixpkgs.renamed, attribute))).toEqual([]);
    expect(Object.keys(nixpkgs.attributes).filter((attribute) => !named.has(attribute))).toEqual([]);
  });

  it("says of each attribute the file and the commit, or the text where the commit is unknown", () => {
    for (const [attribute, { path, commit, text }] of Object.entries(nixpkgs.attributes)) {
      expect(commit ?? text, attribute).toBeDefined();
      if (path.startsWith("pkgs/by-name/"))
        expect(path).toBe(`pkgs/by-name/${attribute.slice(0, 2).toLowerCase()}/${attribute}/package.nix`);
    }
  });

  it("overrules a copy only by a variable that the row sets", () => {
    for (const { crate, bundled, environment } of NATIVE_LIBRARIES)
      if (bundled?.overruledBy !== undefined) expect(Object.keys(environment), crate).toContain(bundled.overruledBy);
  });
});
