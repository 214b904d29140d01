import type { Builder, ExistingFlake } from "./facts.ts";
import type { TrackedTree } from "./tracked-tree.ts";

/** The flake a repository already has, and which builder it uses; a guess by words, which only a Nix run can prove. */

const SIGNS: readonly (readonly [Builder, RegExp])[] = [
  ["crane", /\bcrane\b|\bcraneLib\b/],
  ["naersk", /\bnaersk\b/],
  ["crate2nix", /\bcrate2nix\b|\bCargo\.nix\b/],
  ["buildRustPackage", /\bbuildRustPackage\b/],
];

/** Comments say what a file does not do as often as what it does. */
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)#.*$/gm, "$1");

export function guessBuilder(text: string): Builder | undefined {
  const code = withoutComments(text);
  return SIGNS.find(([, sign]) => sign.test(code))?.[0];
}

export async function existingFlake(tree: TrackedTree): Promise<ExistingFlake | undefined> {
  const path = "flake.nix";
  const text = await tree.text(path);
  if (!text) return undefined;
  const builder = guessBuilder(text.text);
  return { path, text: text.text, locked: tree.has("flake.lock"), ...(builder && { builder }) };
}
