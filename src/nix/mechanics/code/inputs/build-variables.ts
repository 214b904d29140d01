import type { Diagnosis } from "../../../diagnosis.ts";
import { flakeParts } from "../../../recipes/existing/flake-parts.ts";
import { indentedString, string } from "../../../recipes/nix-syntax.ts";
import { addBinding } from "../edit/arguments.ts";
import { argumentSets, binds, buildFiles } from "../edit/builder-calls.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { replaceRanges, usesOf } from "../edit/uses.ts";

/** What a build reads from its environment and the sandbox does not have: what git says, and a home. */

const REVISION = 'self.shortRev or self.dirtyShortRev or "unknown"';

/** The variable that a build script would take from git, from the flake's own revision; a revision that a dirty tree lacks, with an alternative. */
export function setGitMetadata(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "git-metadata") return undefined;
  const { variable } = diagnosis;
  if (variable?.startsWith("self.")) return inOneFile(place.files, (file) => withAlternative(file, variable.slice(5)));
  if (variable === undefined && !/vergen/iu.test(`${diagnosis.message}\n${diagnosis.excerpt}`)) return undefined;
  const name = variable ?? "VERGEN_IDEMPOTENT";
  return inOneFile(buildFiles(place.files), ({ path, text }) => {
    const revision = path === "flake.nix" && flakeParts(text).outputs?.arguments.includes("self") === true;
    const value =
      variable === undefined
        ? string("1")
        : /TIMESTAMP|DATE/u.test(variable)
          ? string("1970-01-01")
          : revision
            ? REVISION
            : string("unknown");
    const after = withBinding(text, diagnosis, name, value);
    return after === undefined ? undefined : { name: "set-variable", after, what: `${name} is ${value} for the build` };
  });
}

function withBinding(text: string, { derivation }: Diagnosis, name: string, value: string): string | undefined {
  const sets = argumentSets(text, derivation, name);
  if (sets.length === 0 || sets.some((open) => binds(text, open, name))) return undefined;
  return sets.reduce<string | undefined>(
    (source, open) => (source === undefined ? undefined : addBinding(source, open, name, value)),
    text,
  );
}

/** `self.rev` → `(self.rev or self.dirtyRev or "unknown")`, where no alternative stands yet. */
function withAlternative({ text }: CodeFile, attribute: string): Omit<CodeEdit, "path"> | undefined {
  const dirty = { rev: "dirtyRev", shortRev: "dirtyShortRev" }[attribute];
  const ranges = usesOf(text).flatMap(({ words, role }) => {
    const [head, name, ...more] = words;
    if (role !== "use" || head?.text !== "self" || name?.text !== attribute || more.length > 0) return [];
    if (/^\s*or\b/u.test(text.slice(name.end))) return [];
    const alternatives = [`self.${attribute}`, ...(dirty === undefined ? [] : [`self.${dirty}`]), '"unknown"'];
    return [{ start: head.start, end: name.end, text: `(${alternatives.join(" or ")})` }];
  });
  if (ranges.length === 0) return undefined;
  return {
    name: "set-variable",
    after: replaceRanges(text, ranges),
    what: `self.${attribute} has an alternative for a tree that is not committed`,
  };
}

/** What tells programs that nobody sits before a terminal. */
const NO_TERMINAL = { TERM: "dumb", NO_COLOR: "1", CI: "1" } as const;

export function setNoTerminal(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "interactive") return undefined;
  return inOneFile(buildFiles(place.files), ({ text }) => {
    const after = Object.entries(NO_TERMINAL).reduce(
      (source, [name, value]) => withBinding(source, diagnosis, name, string(value)) ?? source,
      text,
    );
    return after === text ? undefined : { name: "set-variable", after, what: "the build is told that there is no terminal" };
  });
}

/** The tests failed for want of a home. */
export const looksForHome = ({ message, excerpt }: Diagnosis): boolean =>
  /homeless-shelter|\bHOME\b|\bhome (?:directory|folder|dir)\b|could not find home/u.test(`${message}\n${excerpt}`);

/** Tests that write below HOME get an empty one. */
export function setTestHome(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "sandboxed-test" || !looksForHome(diagnosis)) return undefined;
  return inOneFile(buildFiles(place.files), ({ text }) => {
    const after = withBinding(text, diagnosis, "preCheck", indentedString("export HOME=$(mktemp -d)"));
    return after === undefined ? undefined : { name: "set-test-home", after, what: "the tests have a HOME of their own" };
  });
}
