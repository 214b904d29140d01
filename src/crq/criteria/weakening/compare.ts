import { parseAttributePath } from "../../../nix/attribute-path.ts";
import type { WeakeningPattern } from "../../../nix/weakening/patterns.ts";
import type { Deed } from "../../../nix/weakening/shell/deeds.ts";
import type { Weakening } from "../../../nix/weakening.ts";
import type { BuilderFact } from "../judge/builders/builder-facts.ts";
import { isIdle } from "../judge/builders/shell-script.ts";
import { isStub, testsNothing } from "../judge/builders/stub-builder.ts";
import { doneBy, lostGuards } from "./guards/lost-guards.ts";
import type { Strength } from "./strength.ts";

export interface ComparedTexts {
  /** Names bound in the changed texts as they were. */
  readonly written: ReadonlySet<string>;
  /** Whether the tree has a file now. */
  readonly exists: (path: string) => boolean;
}

/** What a change weakens, judged by the evaluated derivations before and after it. Pure. */
export function weakerThan(before: Strength, after: Strength, texts: ComparedTexts): readonly Weakening[] {
  return [...builtLess(before, after), ...guardedLess(before, after, texts), ...offeredLess(before, after)];
}

const found = (pattern: WeakeningPattern, what: string): Weakening => ({ pattern, file: "flake.nix", line: 1, what });

function guardedLess(before: Strength, after: Strength, { written, exists }: ComparedTexts): readonly Weakening[] {
  const moved = (path: string): readonly Deed[] =>
    Object.entries(after.guards)
      .filter(([other]) => other !== path)
      .flatMap(([other, guard]) => {
        const was = before.guards[other];
        const had = new Set(was ? doneBy(was).map(({ words }) => words.join(" ")) : []);
        return doneBy(guard).filter(({ words }) => !had.has(words.join(" ")));
      });
  return Object.entries(before.guards).flatMap(([path, was]) => {
    const is = after.guards[path];
    if (!is) return [];
    const [fact, now] = [before.builders[path], after.builders[path]];
    const said = fact && now ? lost(fact, now) : [];
    const isCheck = path.startsWith("checks.");
    return lostGuards(was, is, { isCheck, elsewhere: moved(path), written, exists })
      .filter(({ pattern, part }) => {
        if (said.includes("stub builder")) return pattern !== "phase removed";
        return !said.includes("doCheck = false") || !(pattern === "phase removed" && /^(?:pre|post)?check/iu.test(part));
      })
      .map(({ pattern, part }) => found(pattern, `${path}: ${part}`));
  });
}

/** What is there by name: a flake that supports less, or no longer offers what others import, is a smaller one. */
function offeredLess(before: Strength, after: Strength): readonly Weakening[] {
  const KNOWN = /^(?:x86_64|aarch64|i686|armv[67]l|riscv64|powerpc64le)-(?:linux|darwin)$/u;
  return [
    ...before.systems
      .filter((name) => KNOWN.test(name) && !after.systems.includes(name))
      .map((name) => found("system removed", name)),
    ...before.offers.filter((name) => !after.offers.includes(name)).map((name) => found("output removed", name)),
  ];
}

function builtLess(before: Strength, after: Strength): readonly Weakening[] {
  const taken = new Set<string>();
  return Object.entries(before.builders).flatMap(([path, was]): readonly Weakening[] => {
    const is = after.builders[path];
    if (is) return lost(was, is).map((pattern) => found(pattern, path));
    if (!path.startsWith("checks.") || testsNothing(was)) return [];
    const successor = Object.entries(after.builders).find(
      ([other, fact]) => other.startsWith("checks.") && !(other in before.builders) && !taken.has(other) && sameWork(was, fact),
    );
    if (successor) taken.add(successor[0]);
    return successor ? [] : [found("check removed", path)];
  });
}

function lost(was: BuilderFact, is: BuilderFact): readonly WeakeningPattern[] {
  const patterns: WeakeningPattern[] = [];
  if ((isStub(is) && !isStub(was)) || (testsNothing(is) && !testsNothing(was))) patterns.push("stub builder");
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
  compared: ({ readonly before: Strength; readonly after: Strength } & ComparedTexts) | undefined,
): readonly Weakening[] {
  if (!compared) return texts.map(({ packs: _, ...text }) => text);
  const evaluated = weakerThan(compared.before, compared.after, compared);
  const nameOf = (path: string): string => parseAttributePath(path)?.at(-1) ?? path;
  const known = new Set(
    Object.keys(compared.before.builders)
      .filter((path) => path.startsWith("checks."))
      .map(nameOf),
  );
  const lostNames = new Set(evaluated.filter(({ pattern }) => pattern === "check removed").map(({ what = "" }) => nameOf(what)));
  const kept = texts
    .filter(({ pattern, what = "", packs }) => {
      if (packs && isToolOfNoOutput(what, compared)) return false;
      if (pattern === "check removed") return !known.has(what) || lostNames.has(what);
      return !GUARDS.has(pattern) || !judgedByEvaluation(what, compared.before, compared.after);
    })
    .map(({ packs: _, ...text }) => text);
  const left = evaluated.filter(({ pattern, what = "" }) => {
    if (pattern === "check removed") return !kept.some((text) => text.pattern === pattern && text.what === nameOf(what));
    if (pattern === "test skipped" && /^[^:]+: /u.test(what)) return true;
    return GUARDS.has(pattern) || !kept.some((text) => text.pattern === pattern && text.file.endsWith(".nix"));
  });
  return [...kept.map((text) => placed(text, kept, evaluated)), ...left];
}

/** Parts of derivations: evaluation tells them better than a text, where it saw them before and everything after. */
const GUARDS: ReadonlySet<WeakeningPattern> = new Set([
  "phase removed",
  "setting removed",
  "input removed",
  "patch removed",
  "feature removed",
]);

function judgedByEvaluation(what: string, before: Strength, after: Strength): boolean {
  const [name = ""] = what.split(":");
  if (before.partial || after.partial) return false;
  return Object.values(before.guards).some(
    ({ scripts, settings, testWords, buildWords, checkInputs, patches }) =>
      name in scripts ||
      settings.includes(name) ||
      [...testWords, ...buildWords].some((word) => word.startsWith(`${name}: `)) ||
      (/[iI]nputs$/u.test(name) && checkInputs.length > 0) ||
      (name === "patches" && patches.length > 0),
  );
}

/**
 * Whether a packed program (`postBuild: rm $out/bin/rustc` of a symlinkJoin) is none that the flake offered: all of its outputs were seen, none of
 * their derivations had that hook, and none has its name. It was a tool of the build, which needs it or does not.
 */
function isToolOfNoOutput(what: string, { before, after }: { readonly before: Strength; readonly after: Strength }): boolean {
  if (before.partial || after.partial) return false;
  const own = new Set([...Object.keys(before.guards), ...before.offers].map((path) => parseAttributePath(path)?.at(-1) ?? path));
  for (const program of before.programs) own.add(program);
  const paths = what.split(/\s+/u).filter((word) => /\$|[*?[]/u.test(word));
  const programs = paths.map((word) => /^"?\$(?:out|\{out\})\/bin\/([\w.+-]+)"?$/u.exec(word)?.[1]);
  return programs.length > 0 && programs.every((name) => name !== undefined && !own.has(name));
}
