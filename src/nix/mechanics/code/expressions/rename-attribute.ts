import { nearest } from "../../../../agent/text/nearest.ts";
import { BUILD_PROGRAMS } from "../../../../repo/sources/library-names.ts";
import type { Diagnosis } from "../../../diagnosis.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { boundNames, replaceRanges, type Use, usesOf, type Word } from "../edit/uses.ts";
import { KNOWN_ATTRIBUTES } from "./known-attributes.ts";

/** Attributes that nixpkgs renamed, and misspelt ones that Nix has one name for. */

const NAME = /^[A-Za-z_][\w'-]*(?:\.[A-Za-z_][\w'-]*)*$/u;

/** Writes the name that the alias' text or Nix's one suggestion gives, at every use of exactly that path in one file. */
export function renameAttribute(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "attribute" || diagnosis.undefinedVariable) return undefined;
  const old = diagnosis.attribute.replace(/^pkgs\./u, "");
  const fresh = (packageOf(old) ?? diagnosis.suggestion ?? guessed(old, place))?.replace(/^pkgs\./u, "");
  if (fresh === undefined || fresh === old || !NAME.test(fresh) || !NAME.test(old)) return undefined;
  // One of several near names: only where it is a slip of one letter.
  if (
    packageOf(old) === undefined &&
    (diagnosis.alternatives ?? 1) > 1 &&
    !place.guess &&
    !isSlip(old.split(".").at(-1) ?? old, fresh)
  )
    return undefined;
  const { position } = diagnosis;
  const there = place.files.filter(({ path }) => path === position?.file);
  const files = there.length > 0 ? there : place.files;
  return (
    inOneFile(files, (file) => renamed(file, old, fresh, there.length > 0 ? position?.line : undefined)) ??
    (there.length > 0 ? inOneFile(place.files, (file) => renamed(file, old, fresh, undefined)) : undefined)
  );
}

/** Who writes a program's name for its package means that package, whatever else has a name nearby: gmake is gnumake and not cmake. */
const packageOf = (program: string): string | undefined =>
  Object.hasOwn(BUILD_PROGRAMS, program) ? BUILD_PROGRAMS[program] : undefined;

const guessed = (old: string, { guess }: CodePlace): string | undefined =>
  guess ? nearest(old.split(".").at(-1) ?? old, [...KNOWN_ATTRIBUTES])[0] : undefined;

/** One letter more, less, other, or two neighbours swapped. */
export function isSlip(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const [a, b] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  return Math.max(a.length, b.length) === 1 || (a.length === 2 && b === [...a].reverse().join(""));
}

function renamed({ text }: CodeFile, old: string, fresh: string, line: number | undefined): Omit<CodeEdit, "path"> | undefined {
  const bound = boundNames(text);
  const found = usesOf(text).flatMap((use) => {
    const range = rangeOf(use, old.split("."), bound);
    return range ? [{ use, range }] : [];
  });
  const here = line === undefined ? found : found.filter(({ use }) => use.line === line);
  // A variable of that name is another thing; what is inherited or taken as an argument would leave its uses behind.
  const [first] = here;
  if (!first || here.some(({ range }) => range.text !== first.range.text)) return undefined;
  if (here.some(({ use }) => use.role === "inherited" || use.role === "binding")) return undefined;
  const same = found.filter(({ use, range }) => use.role === "use" && range.text === first.range.text);
  const formal = here.some(({ use }) => use.role === "formal");
  const ranges = formal
    ? usesOf(text).flatMap(({ words: [head] }) => (head?.text === old ? [{ ...head, text: fresh }] : []))
    : same.map(({ range }) => ({ start: range.start, end: range.end, text: fresh }));
  return {
    name: "rename-attribute",
    after: replaceRanges(text, ranges),
    what: `${first.range.text} is called ${first.range.prefix}${fresh}`,
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** The path from its head to the end of the old name. */
  readonly text: string;
  /** What stands before the old name. */
  readonly prefix: string;
}

/** The part of a use that is the old name: behind a set, or bare (by `with`, or as an argument). */
function rangeOf({ words, afterComputed, role }: Use, old: readonly string[], bound: ReadonlySet<string>): Range | undefined {
  for (let at = 0; at + old.length <= words.length; at++) {
    const part = words.slice(at, at + old.length);
    if (!part.every((word, i) => word.text === old[i])) continue;
    const [first] = part;
    const last: Word | undefined = part.at(-1);
    if (!first || !last) return undefined;
    if (at === 0 && !afterComputed && role !== "formal" && bound.has(first.text)) continue;
    const head = words.slice(0, at).map(({ text }) => text);
    return {
      start: first.start,
      end: last.end,
      text: [...head, ...old].join("."),
      prefix: head.length > 0 ? `${head.join(".")}.` : "",
    };
  }
  return undefined;
}
