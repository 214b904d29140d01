/** Which attributes of nixpkgs hold the tools that steps run. Pure. */

/** Tools of nixpkgs' stdenv: nothing has to be added for them. */
const STANDARD = ["cc", "gcc", "g++", "c++", "cpp", "ld", "ar", "ranlib", "as", "nm", "strip", "objcopy", "gcc-ar", "gcc-ranlib"];

const PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ...STANDARD.map((tool): [string, readonly string[]] => [tool, []]),
  ["rustc", ["rustc"]],
  ["rustdoc", ["rustc"]],
  ["clang", ["clang"]],
  ["clang++", ["clang"]],
  ["nasm", ["nasm"]],
  ["yasm", ["yasm"]],
]);

/** Attributes of nixpkgs that a tool needs besides stdenv; undefined for a tool that is not known. */
export const packagesOf = (tool: string): readonly string[] | undefined => PACKAGES.get(tool);
