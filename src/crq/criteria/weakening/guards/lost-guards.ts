import type { WeakeningPattern } from "../../../../nix/weakening/patterns.ts";
import { type Deed, deedsOf } from "../../../../nix/weakening/shell/deeds.ts";
import { lostDeeds, subcommand } from "../../../../nix/weakening/shell/lost-deeds.ts";
import { narrowerWords } from "../../../../nix/weakening/shell/test-words.ts";
import type { GuardFact } from "./guard-facts.ts";

/**
 * What a person wrote into a derivation and that it has no longer (docs/decisions/0035). What an equal part took over is not lost; a part that does the
 * same kind of thing in another way is taken for an equal one, since a phase may itself have been the fault. Pure.
 */

export interface LostGuard {
  readonly pattern: WeakeningPattern;
  /** `installCheckPhase: tally --version` */
  readonly part: string;
}

export interface GuardSurroundings {
  /** It is a check of the flake: all that it does is there to fail. */
  readonly isCheck: boolean;
  /** What other derivations of the new flake do that they did not do before: work may have moved there. */
  readonly elsewhere: readonly Deed[];
  /** Names bound in the changed texts as they were. Of a derivation with another builder only these are the person's. */
  readonly written: ReadonlySet<string>;
  /** The tree has this file. */
  readonly exists: (path: string) => boolean;
}

export function lostGuards(was: GuardFact, is: GuardFact, around: GuardSurroundings): readonly LostGuard[] {
  const sameMaker = was.maker.join() === is.maker.join();
  const own = (name: string): boolean => sameMaker || around.written.has(name);
  return [
    ...lostScripts(was, is, around, sameMaker),
    ...(was.settings.includes("doInstallCheck") && !is.settings.includes("doInstallCheck") && own("doInstallCheck")
      ? [lost("doCheck = false", "doInstallCheck")]
      : []),
    ...was.settings
      .filter((name) => name !== "doInstallCheck" && name !== "strictDeps" && !is.settings.includes(name) && own(name))
      .map((name) => lost("setting removed", name)),
    ...lostInputs(was, is, sameMaker),
    ...(sameMaker || around.written.has("patches")
      ? lostNames(was.patches, is.patches).map((name) => lost("patch removed", name))
      : []),
    ...(sameMaker ? [...lessTested(was, is), ...lessBuilt(was, is)] : []),
    ...is.runners.filter((name) => !was.runners.includes(name)).map((name) => lost("test runner replaced", name)),
    ...lostTestFiles(was, is, around),
  ];
}

const lost = (pattern: WeakeningPattern, part: string): LostGuard => ({ pattern, part });

/** Phases that every builder has of its own; written out, they replace them, and without them the builder's own does the work. */
const MAKING = /^(?:unpack|patch|configure|build|install|fixup|dist)Phase$/u;
const CHECKING = /check/iu;

/** Deeds of scripts that are run, each with the script it stands in. */
export function doneBy(
  { scripts, off }: GuardFact,
  own: (script: string) => boolean = () => true,
): readonly (Deed & { readonly script: string })[] {
  return Object.entries(scripts)
    .filter(([script]) => script !== "shellHook" && own(script) && !off.some((phase) => belongsTo(script, phase)))
    .flatMap(([script, text]) => deedsOf(text).map((deed) => ({ ...deed, script })));
}

/** `preCheck` runs with `checkPhase`. */
function belongsTo(script: string, phase: string): boolean {
  const name = phase.replace(/Phase$/u, "").toLowerCase();
  return (
    script.toLowerCase() === `${name}phase` || script.toLowerCase() === `pre${name}` || script.toLowerCase() === `post${name}`
  );
}

function lostScripts(was: GuardFact, is: GuardFact, around: GuardSurroundings, sameMaker: boolean): readonly LostGuard[] {
  const own = (script: string): boolean => sameMaker || (around.written.has(script) && !MAKING.test(script));
  const before = doneBy(was, own).filter((deed) => around.isCheck || !isBuildersOwn(deed));
  const { lost: gone, narrowed } = lostDeeds(before, [...doneBy(is), ...around.elsewhere]);
  // A phase that a hook of the tools does instead: it cannot be looked into, so it is taken for what its name says.
  const hooks = is.inputs.some((name) => /hook/iu.test(name) && !was.inputs.includes(name));
  const open = gone.filter(({ script }) => !(hooks && CHECKING.test(script)));
  return [
    ...[...new Set(open.map(({ script }) => script))].map((script) =>
      lost(
        "phase removed",
        `${script}: ${open
          .filter((deed) => deed.script === script)
          .map(({ words }) => shown(words))
          .join("; ")}`,
      ),
    ),
    ...narrowed.map((word) => lost("test skipped", word)),
  ];
}

const MOST_SHOWN = 80;

const shown = (words: readonly string[]): string => {
  const text = words.join(" ").replace(/\/nix\/store\/[0-9a-z]{32}-/gu, "");
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
};

/** What a written-out main phase does because it replaces the builder's own: compiling, and laying out what was compiled. */
function isBuildersOwn(deed: Deed & { readonly script: string }): boolean {
  if (!MAKING.test(deed.script)) return false;
  if (/^cargo/u.test(deed.program)) return !/^(?:test|nextest|clippy|fmt|deny|audit)$/u.test(subcommand(deed) ?? "");
  return deed.kind === "works" && (deed.program !== "substituteInPlace" || deed.script !== "patchPhase") && laysOutTarget(deed);
}

const laysOutTarget = ({ words }: Deed): boolean =>
  words.some((word) => /(?:^|\/)(?:target|release|debug|bin)(?:\/|$)|\$releaseDir|\$bins/u.test(word));

/** Names of `was` beyond those of `is`, unless as many new ones came: they may be the same things under better names. */
function lostNames(was: readonly string[], is: readonly string[]): readonly string[] {
  const gone = [...new Set(was)].filter((name) => !is.includes(name));
  const came = [...new Set(is)].filter((name) => !was.includes(name));
  return gone.length > came.length ? gone.slice(came.length) : [];
}

function lostInputs(was: GuardFact, is: GuardFact, sameMaker: boolean): readonly LostGuard[] {
  const given = [...is.inputs, ...is.checkInputs];
  const before = [...was.checkInputs, ...(sameMaker ? was.inputs.filter((name) => /hook/iu.test(name)) : [])];
  const came = given.filter((name) => !was.inputs.includes(name) && !was.checkInputs.includes(name));
  return lostNames(before, [...before.filter((name) => given.includes(name)), ...came]).map((name) =>
    lost("input removed", name),
  );
}

/** `cargoTestFlags: a` as what each attribute holds. */
function byAttribute(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const one of words) {
    const at = one.indexOf(": ");
    const list = map.get(one.slice(0, at)) ?? [];
    list.push(
      ...one
        .slice(at + 2)
        .split(/\s+/u)
        .filter((word) => word !== ""),
    );
    map.set(one.slice(0, at), list);
  }
  return map;
}

function lessTested(was: GuardFact, is: GuardFact): readonly LostGuard[] {
  const [before, now] = [byAttribute(was.testWords), byAttribute(is.testWords)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((attribute) =>
    narrowerWords(before.get(attribute) ?? [], now.get(attribute) ?? [])
      // Seen with its name already, wherever it stands (compare.ts).
      .filter((word) => !/^--(?:skip|no-run)\b/u.test(word))
      .map((word) => lost("test skipped", `${attribute}: ${word}`)),
  );
}

function lessBuilt(was: GuardFact, is: GuardFact): readonly LostGuard[] {
  const [before, now] = [features(was.buildWords), features(is.buildWords)];
  return [
    ...[...before]
      .filter((name) => name !== NO_DEFAULT && !now.has(name) && !now.has(ALL))
      .map((name) => lost("feature removed", name)),
    ...(now.has(NO_DEFAULT) && !before.has(NO_DEFAULT) ? [lost("feature removed", "default")] : []),
  ];
}

const NO_DEFAULT = "--no-default-features";
const ALL = "--all-features";

function features(words: readonly string[]): ReadonlySet<string> {
  return new Set(
    [...byAttribute(words)].flatMap(([attribute, list]): readonly string[] => {
      if (/Features$/u.test(attribute)) {
        if (!attribute.includes("NoDefault")) return list.flatMap((word) => word.split(","));
        return list.some((word) => word === "1" || word === "true") ? [NO_DEFAULT] : [];
      }
      return list.flatMap((word, at): readonly string[] => {
        if (word === ALL || word === NO_DEFAULT) return [word];
        if (word === "--features" || word === "-F") return (list[at + 1] ?? "").split(",");
        return word.startsWith("--features=") ? word.slice("--features=".length).split(",") : [];
      });
    }),
  );
}

/** Still in the tree, and no longer in what is built: a filter of the source leaves the tests out. */
function lostTestFiles(was: GuardFact, is: GuardFact, { exists }: GuardSurroundings): readonly LostGuard[] {
  if (was.testFiles === null || is.testFiles === null || was.off.includes("checkPhase")) return [];
  const has = new Set(is.testFiles);
  return was.testFiles
    .filter((path) => !has.has(path) && exists(path))
    .map((path) => lost("test removed", `${path} left out of the source`));
}
