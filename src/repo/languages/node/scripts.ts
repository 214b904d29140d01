import { posix } from "node:path";
import type { NodeManifest } from "./manifest.ts";

/** What the scripts of a package.json do, as far as their text tells. */

/** `npm init` writes this one. */
const NO_TESTS = /no test specified/;

/** The tests' script, unless it is the placeholder. */
export const hasTests = ({ scripts }: NodeManifest): boolean => {
  const script = scripts.get("test");
  return script !== undefined && script.trim() !== "" && !NO_TESTS.test(script);
};

/** Scripts that may make what is published, the likeliest first. The last three are run by npm itself when it packs. */
const BUILDS = ["build", "compile", "bundle", "dist", "prepack", "prepare", "prepublishOnly"];
/** They set up a clone, and make nothing. */
const CLONE_TOOLS = /^(?:husky|lefthook|simple-git-hooks|patch-package|is-ci|true|exit 0)\b/;

/** @param needed whether something that is not in the repository must be made */
export function buildScript({ scripts }: NodeManifest, needed: boolean): string | undefined {
  const names = needed ? BUILDS : ["build"];
  return names.find((name) => {
    const script = scripts.get(name)?.trim();
    return script !== undefined && script !== "" && !CLONE_TOOLS.test(script);
  });
}

/** npm runs these when the files are gathered for installation, once more after the build. */
export const packingScripts = ({ scripts }: NodeManifest): readonly string[] =>
  ["prepack", "prepare", "postpack"].filter((name) => scripts.has(name));

/** `node FLAGS FILE`, and nothing that a shell would read: what `npm start` runs in a program that names no `bin`. */
export function startedFile(
  script: string | undefined,
): { readonly path: string; readonly flags: readonly string[] } | undefined {
  const words = script?.trim().split(/\s+/) ?? [];
  const [program, ...rest] = words;
  if (program !== "node" || rest.some((word) => !/^[\w@%+=:,./-]+$/.test(word))) return undefined;
  const at = rest.findIndex((word) => !word.startsWith("-"));
  const path = rest[at];
  if (path === undefined || at !== rest.length - 1) return undefined;
  const place = posix.normalize(path);
  return place.startsWith("/") || place.startsWith("..") ? undefined : { path: place, flags: rest.slice(0, at) };
}
