import type { Diagnosis, FailingDerivation } from "../../../diagnosis.ts";
import { flakeParts } from "../../../recipes/existing/flake-parts.ts";
import { string } from "../../../recipes/nix-syntax.ts";
import { nativeNeed } from "../../native-need.ts";
import { addBinding, addElements, type Element, type Naming } from "../edit/arguments.ts";
import { argumentSets, buildFiles, packageSetOf } from "../edit/builder-calls.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { addFormal, fileFormals, isPackageFunction } from "../edit/formals.ts";
import { boundNames } from "../edit/uses.ts";

/** A native library, a generator or a build tool that the tables know: into the inputs of the build that asked for it. */
export function addNativeInputs(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  const need = nativeNeed(diagnosis);
  if (!need) return undefined;
  const element = (attribute: string): Element => ({ attribute, ...(need.platform && { only: need.platform }) });
  const added: Additions = {
    nativeBuildInputs: need.nativeBuildInputs.map((attribute) => ({ attribute })),
    buildInputs: need.buildInputs.map(element),
    environment: need.environment,
  };
  const names = [...need.nativeBuildInputs, ...need.buildInputs];
  return inOneFile(buildFiles(place.files), (file) => {
    const after = withAdditions(file, added, diagnosis, place.files);
    return after === undefined
      ? undefined
      : { name: "add-native-inputs", after, what: `${names.join(", ")} among the build's inputs (${need.reason})` };
  });
}

const LISTS = ["nativeBuildInputs", "buildInputs", "nativeCheckInputs"] as const;

type Lists = { readonly [L in (typeof LISTS)[number]]?: readonly Element[] };

export interface Additions extends Lists {
  readonly environment: Readonly<Record<string, string>>;
}

/** The file with packages in the lists of the build that failed, named as the file names packages; undefined where they have no place in it. */
export function withAdditions(
  { text }: CodeFile,
  added: Additions,
  { derivation }: Diagnosis,
  files: readonly CodeFile[],
): string | undefined {
  const asArguments = isPackageFunction(text);
  const naming = namingOf(text, files, derivation);
  if (!naming) return undefined;
  let after = text;
  for (const argument of LISTS) {
    const elements = added[argument] ?? [];
    if (elements.length === 0) continue;
    const sets = argumentSets(after, derivation, argument);
    if (sets.length === 0) return undefined;
    for (const open of sets) {
      const changed = addElements(after, open, argument, elements, naming);
      if (changed === undefined) return undefined;
      after = changed;
    }
  }
  for (const [name, value] of Object.entries(added.environment))
    for (const open of argumentSets(after, derivation, name)) after = addBinding(after, open, name, string(value)) ?? after;
  if (after === text) return undefined;
  if (!asArguments) return after;
  const elements = LISTS.flatMap((argument) => added[argument] ?? []);
  return withFormals(
    after,
    elements.flatMap(({ attribute, only }) => [attribute, ...(only ? ["lib", "stdenv"] : [])]),
  );
}

/** How the file names a package where the failing build is described; undefined: no set of packages is known there. */
export function namingOf(
  text: string,
  files: readonly CodeFile[],
  derivation: FailingDerivation | undefined,
): Naming | undefined {
  const bound = boundNames(text);
  const set = packageSetOf(text, derivation) ?? "pkgs";
  if (!isPackageFunction(text) && !bound.has(set)) return undefined;
  return {
    prefix: isPackageFunction(text) ? "" : `${set}.`,
    severalPlatforms: files.some(({ text: other }) => /darwin|eachDefaultSystem|nix-systems|import systems/u.test(other)),
  };
}

/** A package function takes what it uses; callPackage fills it. */
export function withFormals(text: string, attributes: readonly string[]): string {
  const heads = attributes.map((attribute) => attribute.split(".")[0] ?? attribute);
  return [...new Set(heads)].reduce(
    (source, name) =>
      fileFormals(source).includes(name) || !new RegExp(`\\b${name}\\b`, "u").test(source)
        ? source
        : (addFormal(source, name) ?? source),
    text,
  );
}

/** Systems that the flake names in a list. */
export const declaredSystems = (files: readonly CodeFile[]): readonly string[] =>
  files.flatMap(({ text }) => flakeParts(text).systems);
