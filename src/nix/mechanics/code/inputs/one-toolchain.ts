import type { Diagnosis } from "../../../diagnosis.ts";
import { nixTokens } from "../../../recipes/existing/nix-tokens.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { replaceRanges, usesOf } from "../edit/uses.ts";

/**
 * Two crane libraries of one flake with different toolchains, of which exactly one has a toolchain that was chosen (`overrideToolchain`): all
 * steps take that one.
 */
export function oneToolchain(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  return diagnosis.kind === "mixed-toolchains" ? inOneFile(place.files, withOne) : undefined;
}

function withOne({ text }: CodeFile): Omit<CodeEdit, "path"> | undefined {
  const libraries = craneLibraries(text);
  const chosen = libraries.filter(({ overridden }) => overridden);
  const [keep] = chosen;
  const others = libraries.filter(({ overridden }) => !overridden);
  if (!keep || chosen.length !== 1 || others.length === 0) return undefined;
  const plain = new Set(others.map(({ name }) => name));
  const ranges = usesOf(text).flatMap(({ words: [head, ...rest], role, afterComputed }) => {
    if (!head || role !== "use" || afterComputed || !plain.has(head.text) || rest[0]?.text === "overrideToolchain") return [];
    // The chosen one may be made from the plain one.
    return head.start >= keep.start && head.end <= keep.end ? [] : [{ start: head.start, end: head.end, text: keep.name }];
  });
  if (ranges.length === 0) return undefined;
  return {
    name: "one-toolchain",
    after: replaceRanges(text, ranges),
    what: `every step builds with ${keep.name}, which has the chosen toolchain, and none with ${[...plain].join(", ")}`,
  };
}

interface CraneLibrary {
  readonly name: string;
  readonly overridden: boolean;
  /** Of its binding's value. */
  readonly start: number;
  readonly end: number;
}

/** `x = crane.mkLib pkgs;`, `x = (crane.mkLib pkgs).overrideToolchain y;`, `x = craneLib.overrideToolchain y;` */
function craneLibraries(text: string): readonly CraneLibrary[] {
  const tokens = nixTokens(text);
  return tokens.flatMap((token, index) => {
    if (token.kind !== "word" || tokens[index + 1]?.text !== "=" || tokens[index - 1]?.text === ".") return [];
    const end = tokens.findIndex(({ text: mark }, at) => at > index && mark === ";");
    const value = tokens.slice(index + 2, end);
    const words = value.map(({ text: each }) => each);
    if (value.length > 40 || !(words.includes("mkLib") || words.includes("overrideToolchain"))) return [];
    if (value.some(({ kind, text: mark }) => kind === "mark" && mark === "=")) return [];
    return [
      {
        name: token.text,
        overridden: words.includes("overrideToolchain"),
        start: value[0]?.start ?? token.start,
        end: value.at(-1)?.end ?? token.end,
      },
    ];
  });
}
