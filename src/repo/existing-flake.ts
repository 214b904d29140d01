import type { Builder, ExistingFlake } from "./facts.ts";
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

export async function existingFlake(tree: TrackedTree): Promise<ExistingFlake | undefined> {
  const path = "flake.nix";
  const text = await tree.text(path);
  if (!text) return undefined;
  const found = signIn(text.text);
  return {
    path,
    text: text.text,
    locked: tree.has("flake.lock"),
    ...(found && { builder: found[0], builderSource: sourceLine(path, withoutComments(text.text), found[1]) }),
  };
}
