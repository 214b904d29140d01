import { nearest } from "../../../../agent/text/nearest.ts";
import type { Diagnosis } from "../../../diagnosis.ts";
import { flakeParts } from "../../../recipes/existing/flake-parts.ts";
import { nixTokens } from "../../../recipes/existing/nix-tokens.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { addFormal, fileFormals, isPackageFunction } from "../edit/formals.ts";
import { boundNames, replaceRanges, usesOf } from "../edit/uses.ts";
import { KNOWN_ATTRIBUTES } from "./known-attributes.ts";
import { isSlip } from "./rename-attribute.ts";

/** A variable that nothing binds: an input left out of the arguments, an attribute of nixpkgs without its set, or a slip. */
export function bindVariable(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "attribute" || !diagnosis.undefinedVariable) return undefined;
  const { attribute, position } = diagnosis;
  const there = place.files.filter(({ path }) => path === position?.file);
  return inOneFile(there.length > 0 ? there : place.files, (file) => bound(file, attribute, position?.line, place.guess));
}

function bound(file: CodeFile, name: string, line: number | undefined, guess: boolean): Omit<CodeEdit, "path"> | undefined {
  const { text } = file;
  const names = boundNames(text);
  const edit = (after: string | undefined, what: string): Omit<CodeEdit, "path"> | undefined =>
    after === undefined || after === text ? undefined : { name: "bind-variable", after, what };
  // Where the name is bound elsewhere in the file, only the use that Nix complains about is wrong.
  const use = (replacement: string, why: string): Omit<CodeEdit, "path"> | undefined =>
    edit(replaceUses(text, name, replacement, names.has(name) ? line : undefined), why);
  if (flakeParts(text).inputs.has(name))
    return edit(addFormal(text, name, "outputs"), `outputs takes the input ${name}, which it uses`);
  if (isPackageFunction(text)) {
    if (!fileFormals(text).includes(name) && (KNOWN_ATTRIBUTES.has(name) || guess))
      return edit(addFormal(text, name), `the package function takes ${name}, which it uses`);
    return undefined;
  }
  if (name === "lib") {
    const set = names.has("nixpkgs") ? "nixpkgs.lib" : names.has("pkgs") ? "pkgs.lib" : undefined;
    return set === undefined ? undefined : use(set, `lib is ${set}`);
  }
  if (KNOWN_ATTRIBUTES.has(name) && names.has("pkgs")) return use(`pkgs.${name}`, `${name} is an attribute of pkgs`);
  const near = nearest(
    name,
    [...names].filter((word) => word !== name),
  ).filter((word) => guess || isSlip(name, word));
  const [slip, other] = near;
  if (slip !== undefined && (guess || other === undefined) && !slip.includes(name) && !name.includes(slip))
    return use(slip, `${name} is written ${slip} where it is bound`);
  const set = packageSetName(text);
  return name === "pkgs" && set !== undefined ? use(set, `the package set is bound as ${set}`) : undefined;
}

/** Replaces the uses of a name: not where it is bound, nor as a part of a path; of one line alone only if it is the only one there. */
function replaceUses(text: string, name: string, replacement: string, line: number | undefined): string | undefined {
  const heads = usesOf(text).filter(
    ({ words: [head], role, afterComputed }) => head?.text === name && role === "use" && !afterComputed,
  );
  const wrong = line === undefined ? heads : heads.filter((use) => use.line === line);
  if (wrong.length === 0 || (line !== undefined && wrong.length > 1)) return undefined;
  return replaceRanges(
    text,
    wrong.flatMap(({ words: [head] }) => (head ? [{ start: head.start, end: head.end, text: replacement }] : [])),
  );
}

/** The variable that is bound to a package set: `x = nixpkgs.legacyPackages…` or `x = import nixpkgs …`. */
function packageSetName(text: string): string | undefined {
  const tokens = nixTokens(text);
  for (const [index, token] of tokens.entries()) {
    const [equals, first, second, third] = tokens.slice(index + 1, index + 5).map((next) => next.text);
    const isSet =
      (first === "nixpkgs" && second === "." && third === "legacyPackages") || (first === "import" && second === "nixpkgs");
    if (token.kind === "word" && equals === "=" && isSet) return token.text;
  }
  return undefined;
}
