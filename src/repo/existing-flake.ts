import { posix } from "node:path";
import { type Builder, type ExistingFlake, OTHER_BUILDERS, type OtherBuilder } from "./facts.ts";
import { sourceLine, type TrackedTree } from "./tracked-tree.ts";

/** The flake a repository already has, and which builder it uses; a guess by words, which only a Nix run can prove. */

const SIGNS: readonly (readonly [Builder, RegExp])[] = [
  ["crane", /\bcrane\b|\bcraneLib\b/],
  ["naersk", /\bnaersk\b/],
  ["crate2nix", /\bcrate2nix\b|\bCargo\.nix\b/],
  ["buildRustPackage", /\bbuildRustPackage\b/],
];

/** Comments say what a file does not do as often as what it does. Lines keep their numbers. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, "")).replace(/(^|\s)#.*$/gm, "$1");

export function guessBuilder(text: string): Builder | undefined {
  return signIn(text)?.[0];
}

function signIn(text: string): (typeof SIGNS)[number] | undefined {
  const code = withoutComments(text);
  return SIGNS.find(([, sign]) => sign.test(code));
}

const OTHER_SIGNS: readonly (readonly [OtherBuilder, RegExp])[] = OTHER_BUILDERS.map((name) => [
  name,
  // Go's and Python's have a number in them where a release is chosen: buildGo126Module.
  new RegExp(name === "buildGoModule" ? "\\bbuildGo\\d*Module\\b" : `\\b${name}\\b`),
]);

/** More files than this are no flake that a guess by words could tell anything of. */
const MAX_FILES = 20;

/** The Nix files of the tree that a flake names by a relative path, as `callPackage ./nix/package.nix { }` does: its own first. */
async function filesOf(tree: TrackedTree, flake: string): Promise<readonly string[]> {
  const found = [flake];
  for (let at = 0; at < found.length && at < MAX_FILES; at++) {
    const path = found[at] ?? flake;
    const text = (await tree.text(path))?.text;
    if (text === undefined) continue;
    for (const [, name = ""] of withoutComments(text).matchAll(/(?<![\w.~/])(\.{1,2}\/[\w./+-]+)/g)) {
      const named = posix.join(posix.dirname(path), name);
      const file = [named, `${named}/default.nix`].find((candidate) => candidate.endsWith(".nix") && tree.has(candidate));
      if (file !== undefined && !found.includes(file)) found.push(file);
    }
  }
  return found.slice(0, MAX_FILES);
}

async function otherBuilder(tree: TrackedTree, flake: string): Promise<Partial<ExistingFlake>> {
  for (const path of await filesOf(tree, flake)) {
    const code = withoutComments((await tree.text(path))?.text ?? "");
    const found = OTHER_SIGNS.find(([, sign]) => sign.test(code));
    if (found) return { otherBuilder: found[0], builderSource: sourceLine(path, code, found[1]) };
  }
  return {};
}

/** `cargoClippyExtraArgs = "… --deny warnings"`, `cargo clippy -- -D warnings`, and what is written on a line of its own behind the name. */
const CLIPPY_DENIED =
  /\bclippy[^\n;&|]*(?:-D|--deny)[ =]?warnings|\bcargoClippy(?:ExtraArgs|Options)\b[^;]*?(?:-D|--deny)[ =]?warnings/iu;

/** Where the flake, or a file of its own that it names, runs clippy with warnings as errors. */
async function clippyDenied(tree: TrackedTree, flake: string): Promise<Pick<ExistingFlake, "clippyDenied">> {
  for (const path of await filesOf(tree, flake)) {
    const code = withoutComments((await tree.text(path))?.text ?? "");
    const found = CLIPPY_DENIED.exec(code);
    if (found) return { clippyDenied: `${path}:${code.slice(0, found.index).split("\n").length}` };
  }
  return {};
}

export async function existingFlake(tree: TrackedTree): Promise<ExistingFlake | undefined> {
  const path = "flake.nix";
  const text = await tree.text(path);
  if (!text) return undefined;
  const found = signIn(text.text);
  return {
    path,
    text: text.text,
    locked: tree.has("flake.lock"),
    ...(found
      ? { builder: found[0], builderSource: sourceLine(path, withoutComments(text.text), found[1]) }
      : await otherBuilder(tree, path)),
    ...(await clippyDenied(tree, path)),
  };
}
