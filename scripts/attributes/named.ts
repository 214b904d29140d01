import { FIND_PACKAGE } from "../../src/repo/languages/c/libraries.ts";
import { PYTHONS } from "../../src/repo/languages/python/project.ts";
import { ATTRIBUTES } from "../../src/repo/languages/python/requirement/packages.ts";
import {
  BUILD_PROGRAMS,
  LINK_LIBRARIES,
  LINKERS,
  PKG_CONFIG_MODULES,
  RUN_TIME_LIBRARIES,
  TEST_PROGRAMS,
} from "../../src/repo/sources/library-names.ts";
import { NATIVE_LIBRARIES } from "../../src/repo/sources/native-libraries.ts";
import { MAJORS } from "../../src/rules/languages/node/plan.ts";
import { LICENSES } from "../../src/rules/plan/licenses.ts";
import { ATTRIBUTE_OF, RUST_TOOLS } from "../../src/rules/plan/shell-tools.ts";

/** Every attribute of nixpkgs that a recipe, a rule or a mechanic can write into a flake, each with what names it. */
export function namedAttributes(): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  const add = (by: string, attributes: Iterable<string>): void => {
    for (const attribute of attributes) named.set(attribute, [...new Set([...(named.get(attribute) ?? []), by])]);
  };
  add("the recipes", WRITTEN_BY_RECIPES);
  for (const row of NATIVE_LIBRARIES)
    add(`the crate ${row.crate}`, [
      ...row.nativeBuildInputs,
      ...row.buildInputs,
      ...(row.bundled?.nativeBuildInputs ?? []),
      ...Object.values(row.byFeature ?? {}).flat(),
      ...(row.runtimeLibraries ?? []),
    ]);
  add("a module of pkg-config", Object.values(PKG_CONFIG_MODULES));
  add("a library that is linked", Object.values(LINK_LIBRARIES));
  add("find_package of CMake", Object.values(FIND_PACKAGE));
  add("a library opened at run time", Object.values(RUN_TIME_LIBRARIES));
  add("a program of a build", Object.values(BUILD_PROGRAMS));
  add("a program of a test", Object.values(TEST_PROGRAMS));
  add("a linker", Object.values(LINKERS));
  add("a program of a shell", [...RUST_TOOLS, ...ATTRIBUTE_OF.values()]);
  add(
    "a licence",
    Object.values(LICENSES).map((name) => `lib.licenses.${name}`),
  );
  add(
    "a release of Node.js",
    MAJORS.map((major) => `nodejs_${major}`),
  );
  add(
    "a release of Python",
    PYTHONS.map((version) => `python${version.replace(".", "")}Packages`),
  );
  add(
    "a package of Python",
    Object.values(ATTRIBUTES).map((name) => `python3Packages.${name}`),
  );
  return new Map([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What stands in the texts of the recipes and mechanics themselves; a test compares this list with them. */
export const WRITTEN_BY_RECIPES: readonly string[] = [
  "buildNpmPackage",
  "buildRustCrate",
  "buildGoModule",
  "callPackage",
  "defaultCrateOverrides",
  "go",
  "gopls",
  "importNpmLock",
  "importNpmLock.npmConfigHook",
  "lib.fakeHash",
  "lib.fileset.toSource",
  "lib.fileset.unions",
  "lib.genAttrs",
  "lib.getExe",
  "lib.makeLibraryPath",
  "lib.optional",
  "lib.optionalString",
  "lib.optionals",
  "linkFarm",
  "makeRustPlatform",
  "makeWrapper",
  "mkShell",
  "nixfmt",
  "nodejs",
  "python3Packages.buildPythonApplication",
  "python3Packages.buildPythonPackage",
  "python3Packages.pytestCheckHook",
  "python3Packages.unittestCheckHook",
  "runCommand",
  "rustPlatform.buildRustPackage",
  "stdenv.cc.targetPrefix",
  "stdenv.hostPlatform.isDarwin",
  "stdenv.hostPlatform.isLinux",
  "stdenv.hostPlatform.system",
  "stdenv.mkDerivation",
  "symlinkJoin",
  "writableTmpDirAsHomeHook",
  "writeShellApplication",
  "writeShellScriptBin",
];
