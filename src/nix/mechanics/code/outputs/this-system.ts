import type { Diagnosis } from "../../../diagnosis.ts";
import { nixTokens, plainString } from "../../../recipes/existing/nix-tokens.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { boundNames, replaceRanges } from "../edit/uses.ts";

/**
 * The packages of another system under this system's name: `legacyPackages.OTHER` (or `import nixpkgs { system = "OTHER"; }`) in a flake that
 * has the system as a variable, or names this one for its outputs.
 */
export function takeThisSystem(diagnosis: Diagnosis, { files, system }: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "foreign-system" || diagnosis.system === undefined || system === undefined) return undefined;
  const foreign = diagnosis.system;
  return inOneFile(files, (file) => replaced(file, foreign, system));
}

function replaced({ text }: CodeFile, foreign: string, system: string): Omit<CodeEdit, "path"> | undefined {
  const tokens = nixTokens(text);
  const variable = boundNames(text).has("system");
  // A flake that does not speak of this system at all is not for it.
  if (!variable && !text.includes(system)) return undefined;
  const ranges = tokens.flatMap((token, index) => {
    const [dot, name] = tokens.slice(index + 1, index + 3);
    if (token.text === "legacyPackages" && dot?.text === "." && name && (name.text === foreign || plainString(name) === foreign))
      return [{ start: name.start, end: name.end, text: variable ? "${system}" : system }];
    return [];
  });
  if (ranges.length !== 1) return undefined;
  return {
    name: "take-this-system",
    after: replaceRanges(text, ranges),
    what: `the packages are those of ${variable ? "the system that they are for" : system}, not of ${foreign}`,
  };
}
