import { parseAttributePath } from "../../../nix/attribute-path.ts";
import type { WeakeningPattern } from "../../../nix/weakening/patterns.ts";
import type { Weakening } from "../../../nix/weakening.ts";
import type { BuilderFact } from "../judge/builders/builder-facts.ts";
import { isIdle } from "../judge/builders/shell-script.ts";
import { isStub } from "../judge/builders/stub-builder.ts";
import type { Strength } from "./strength.ts";

/** What a change weakens, judged by the evaluated derivations before and after it. Pure. */
export function weakerThan(before: Strength, after: Strength): readonly Weakening[] {
  const found = (pattern: WeakeningPattern, what: string): Weakening => ({ pattern, file: "flake.nix", line: 1, what });
  const taken = new Set<string>();
  return Object.entries(before.builders).flatMap(([path, was]): readonly Weakening[] => {
    const is = after.builders[path];
    if (is) return lost(was, is).map((pattern) => found(pattern, path));
    if (!path.startsWith("checks.") || isStub(was)) return [];
    const successor = Object.entries(after.builders).find(
      ([other, fact]) => other.startsWith("checks.") && !(other in before.builders) && !taken.has(other) && sameWork(was, fact),
    );
    if (successor) taken.add(successor[0]);
    return successor ? [] : [found("check removed", path)];
  });
}

function lost(was: BuilderFact, is: BuilderFact): readonly WeakeningPattern[] {
  const patterns: WeakeningPattern[] = [];
  if (isStub(is) && !isStub(was)) patterns.push("stub builder");
  if ((checksOff(is) && !checksOff(was)) || dropsCargoCheck(is) > dropsCargoCheck(was)) patterns.push("doCheck = false");
  else if (idleCheck(is) && !idleCheck(was) && !checksOff(was) && !patterns.includes("stub builder"))
    patterns.push("stub builder");
  if (skips(is).some((word) => !skips(was).includes(word))) patterns.push("test skipped");
  return patterns;
}

const checksOff = ({ off, buildCommand }: BuilderFact): boolean => buildCommand === null && off.includes("checkPhase");

const idleCheck = ({ phases: { checkPhase } }: BuilderFact): boolean =>
  checkPhase !== undefined && checkPhase !== null && isIdle(checkPhase);

const dropsCargoCheck = ({ testFlags }: BuilderFact): number =>
  testFlags.filter((word) => word.startsWith("dontCargoCheck: ") && word !== "dontCargoCheck: ").length;

/** Words that leave tests out; `--skip NAME` in one word or two. */
const skips = ({ testFlags }: BuilderFact): readonly string[] =>
  testFlags.flatMap((flag, at) => {
    const word = flag.slice(flag.indexOf(": ") + 2);
    if (flag.startsWith("disabledTests: ")) return [word];
    if (/(?:^|\s)--skip$/u.test(word)) return [`${word} ${testFlags[at + 1] ?? ""}`];
    return /(?:^|\s)--(?:skip[= ]\S+|no-run(?=\s|$))/u.test(word) ? [word] : [];
  });

/** A check under another name: the same work, whatever the hashes of what it is done on. */
const sameWork = (was: BuilderFact, is: BuilderFact): boolean => workOf(was) === workOf(is);

const workOf = ({ name: _, ...fact }: BuilderFact): string =>
  JSON.stringify(fact).replace(/\/nix\/store\/[0-9a-z]{32}-/gu, "/nix/store/");

/** A text that stands for the one attribute that evaluation names is about that attribute. */
function placed(text: Weakening, texts: readonly Weakening[], evaluated: readonly Weakening[]): Weakening {
  const [one, ...others] = evaluated.filter(({ pattern }) => pattern === text.pattern);
  const alone = texts.filter(({ pattern }) => pattern === text.pattern).length === 1;
  return one?.what !== undefined && others.length === 0 && alone && text.what === undefined && text.file.endsWith(".nix")
    ? { ...text, what: one.what }
    : text;
}

/**
 * Findings in texts and findings by evaluation as one list. A check that a text seems to lose but that still is there stays unnamed; what both
 * see is shown once, with the place that the text has and the attribute that the evaluation has.
 */
export function together(
  texts: readonly Weakening[],
  compared: { readonly before: Strength; readonly after: Strength } | undefined,
): readonly Weakening[] {
  if (!compared) return texts;
  const evaluated = weakerThan(compared.before, compared.after);
  const nameOf = (path: string): string => parseAttributePath(path)?.at(-1) ?? path;
  const known = new Set(
    Object.keys(compared.before.builders)
      .filter((path) => path.startsWith("checks."))
      .map(nameOf),
  );
  const lostNames = new Set(evaluated.filter(({ pattern }) => pattern === "check removed").map(({ what = "" }) => nameOf(what)));
  const kept = texts.filter(({ pattern, what = "" }) => pattern !== "check removed" || !known.has(what) || lostNames.has(what));
  const left = evaluated.filter(({ pattern, what = "" }) => {
    if (pattern === "check removed") return !kept.some((text) => text.pattern === pattern && text.what === nameOf(what));
    return !kept.some((text) => text.pattern === pattern && text.file.endsWith(".nix"));
  });
  return [...kept.map((text) => placed(text, kept, evaluated)), ...left];
}
