/**
 * Which facts cannot both hold. Pure, and the same for the drafter, for the survey that a model reads, and for the linter. There is no
 * understanding here: facts are compared by key, and a closed list names the pairs of keys that exclude each other.
 */

/** What of a fact matters here. */
export interface Keyed {
  readonly key?: string;
  readonly value?: string;
}

export interface Contradiction<Fact extends Keyed> {
  /** What is to be decided: the shared key, or that of the second side. */
  readonly key: string;
  readonly sides: readonly [Fact, Fact, ...Fact[]];
  readonly about: About;
}

/** `value`: two values of one key · `policy`: against `[policy.inputs]`, whose fact is the first side · else a pair of `PAIRS`. */
export type About = "value" | "policy" | PairName;

/** Of these a project has one value; commands and systems may be told in parts. */
const SINGLE = /^(?:inputs\..+\.url|builder|rust\.version|rust\.edition|rust\.toolchain)$/;
export const hasOneValue = (key: string): boolean => SINGLE.test(key);

/** Of these there are as many as a document lists: outputs of a flake, steps of a check, variables of a shell. */
const MANY = /^(?:flake|check|shell)\./;
export const hasManyValues = (key: string): boolean => MANY.test(key);

const LOCAL = /^(?:path:|file:|git\+file:|\.{1,2}(?:\/|$)|\/|~|a path of one machine$)/;
export const isLocalInput = (url: string): boolean => LOCAL.test(url);

interface Pair {
  readonly first: RegExp;
  readonly second: RegExp;
  /** Values of the two; both facts have one. */
  readonly clash: (first: string, second: string) => boolean;
  /** One clause for a question: why they exclude each other. */
  readonly why: string;
}

/** The first Rust release that knows an edition (the edition guide). */
const EDITIONS: ReadonlyMap<string, string> = new Map(Object.entries({ "2018": "1.31", "2021": "1.56", "2024": "1.85" }));

const PAIRS = {
  "local-input": {
    first: /^rule\.local-inputs$/,
    second: /^inputs\..+\.url$/,
    clash: (_, url) => isLocalInput(url),
    why: "a local path is no input there",
  },
  "other-host": {
    first: /^rule\.input-hosts$/,
    second: /^inputs\..+\.url$/,
    clash: (_, url) => !/^github:/i.test(url),
    why: "only addresses of GitHub are inputs there",
  },
  "series-and-exit": {
    first: /^requirement\.flakes$/,
    second: /^requirement\.interception$/,
    clash: (flakes, interception) => flakes === "series" && interception === "exit",
    why: "a build that ends inside its first intercepted call gives one flake and no series",
  },
  "generated-file": {
    first: /^requirement\.generated-files$/,
    second: /^requirement\.cargo-nix$/,
    clash: (files, cargoNix) => files === "uncommitted" && cargoNix === "committed",
    why: "`Cargo.nix` is a generated file",
  },
  impure: {
    first: /^requirement\.impure$/,
    second: /^command:/,
    clash: (impure, command) => impure === "forbidden" && /\s--impure\b/.test(command),
    why: "that command is impure",
  },
  "old-toolchain": {
    first: /^rust\.version$/,
    second: /^rust\.toolchain$/,
    clash: (least, toolchain) => isOlder(toolchain, least),
    why: "that toolchain is older than the oldest supported Rust",
  },
  "edition-too-new": {
    first: /^rust\.edition$/,
    second: /^rust\.toolchain$/,
    clash: (edition, toolchain) => isOlder(toolchain, EDITIONS.get(edition) ?? "0"),
    why: "that toolchain does not know the edition",
  },
} as const satisfies Readonly<Record<string, Pair>>;
export type PairName = keyof typeof PAIRS;
const pairs = Object.entries(PAIRS) as readonly (readonly [PairName, Pair])[];

/** Why two sides exclude each other, as a clause; undefined for two values of one key, which say it themselves. */
export const reasonOf = (about: About): string | undefined =>
  about === "value" ? undefined : about === "policy" ? "the input policy does not allow it" : PAIRS[about].why;

/** What the project's input policy says, and the fact that states it. */
export interface StatedPolicy<Fact extends Keyed> {
  readonly fact: Fact;
  readonly refuses: (url: string) => boolean;
}

/**
 * In the order of the deciding fact. Each fact is the second side of at most one pair: two rules against one input are one question.
 * @param single keys of which a second value is a contradiction; default: those of which a project has one
 */
export function contradictions<Fact extends Keyed>(
  facts: readonly Fact[],
  options: { readonly policy?: StatedPolicy<Fact> | undefined; readonly single?: (key: string) => boolean } = {},
): readonly Contradiction<Fact>[] {
  const found: Contradiction<Fact>[] = [...manyValues(facts, options.single ?? hasOneValue)];
  for (const fact of facts) {
    const { key, value } = fact;
    if (key === undefined || value === undefined) continue;
    const hit = pairs.flatMap(([about, pair]) => {
      if (!pair.second.test(key)) return [];
      const first = facts.find(
        (other) =>
          other.key !== undefined && other.value !== undefined && pair.first.test(other.key) && pair.clash(other.value, value),
      );
      return first === undefined ? [] : [{ about, first }];
    })[0];
    if (hit) found.push({ key, sides: [hit.first, fact], about: hit.about });
    else if (options.policy && /^inputs\..+\.url$/.test(key) && options.policy.refuses(value))
      found.push({ key, sides: [options.policy.fact, fact], about: "policy" });
  }
  return found;
}

function manyValues<Fact extends Keyed>(
  facts: readonly Fact[],
  single: (key: string) => boolean,
): readonly Contradiction<Fact>[] {
  const byKey = new Map<string, Fact[]>();
  for (const fact of facts) {
    if (fact.key === undefined || fact.value === undefined || !single(fact.key)) continue;
    const known = byKey.get(fact.key) ?? [];
    if (!known.some((other) => sameValue(fact.key ?? "", other.value ?? "", fact.value ?? "")))
      byKey.set(fact.key, [...known, fact]);
  }
  return [...byKey].flatMap(([key, [first, second, ...more]]) =>
    first && second ? [{ key, sides: [first, second, ...more] as const, about: "value" as const }] : [],
  );
}

/** `1.70` and `1.70.0` are one Rust release. */
function sameValue(key: string, a: string, b: string): boolean {
  return a === b || (key.startsWith("rust.") && isRelease(a) && isRelease(b) && !isOlder(a, b) && !isOlder(b, a));
}

const isRelease = (text: string): boolean => /^\d+(?:\.\d+){0,2}$/.test(text);

function isOlder(a: string, b: string): boolean {
  if (!isRelease(a) || !isRelease(b)) return false;
  const [left, right] = [a, b].map((release) => release.split(".").map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
