import type { BaselineCheck } from "../../crq/criteria/baseline.ts";
import type { AcceptanceRun } from "../../crq/criteria/runner.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { NixFailure } from "../../nix/nix.ts";
import { type CheckKey, criteriaOf, keyOf, type RepairFacts, type RepairScope } from "./criteria.ts";
import type { Target } from "./targets.ts";

/** What a look at a commit says of each output, and what a repair therefore is about. Pure. */

/** `untried`: the machine gave no answer, so nothing can be said of it, neither now nor at the end. */
export type State = "broken" | "stands" | "untried";

export interface Seen {
  readonly targets: readonly Target[];
  readonly checks: ReadonlyMap<CheckKey, BaselineCheck>;
  /** By attribute, root cause first. */
  readonly diagnoses: ReadonlyMap<string, readonly [Diagnosis, ...Diagnosis[]]>;
}

export const NOTHING_SEEN: Seen = { targets: [], checks: new Map(), diagnoses: new Map() };

/**
 * @param targets each was a broken one of the document that was run, in this order
 * @param checks what the run said of every check, as a baseline has it
 */
export function seenIn(
  targets: readonly Target[],
  facts: RepairFacts,
  checks: readonly BaselineCheck[],
  run: AcceptanceRun | undefined,
): Seen {
  const byKey = new Map<CheckKey, BaselineCheck>();
  const diagnoses = new Map<string, readonly [Diagnosis, ...Diagnosis[]]>();
  criteriaOf({ broken: targets, stands: [] }, facts).forEach(({ checks: keyed }, at) => {
    keyed.forEach(({ key }, index) => {
      const check = checks.find((each) => each.criterion === `AC-${at + 1}` && each.index === index);
      if (check) byKey.set(key, check);
    });
    const target = targets[at];
    const [first, ...more] = run?.criteria[at]?.checks.flatMap(({ result }) => result.diagnoses) ?? [];
    if (target && first) diagnoses.set(target.attribute, [first, ...more]);
  });
  return { targets, checks: byKey, diagnoses };
}

export const together = (one: Seen, other: Seen): Seen => ({
  targets: [...one.targets, ...other.targets],
  checks: new Map([...one.checks, ...other.checks]),
  diagnoses: new Map([...one.diagnoses, ...other.diagnoses]),
});

export function stateOf(target: Target, { checks }: Seen): State {
  const own = [0, 1].flatMap((at) => checks.get(keyOf(target, at)) ?? []);
  if (own.some(({ verdict, code }) => verdict === "unavailable" || code === "timeout")) return "untried";
  return own.every(({ verdict }) => verdict === "pass") ? "stands" : "broken";
}

export function scopeOf(seen: Seen): RepairScope & { readonly untried: readonly Target[] } {
  const of = (state: State): readonly Target[] => seen.targets.filter((target) => stateOf(target, seen) === state);
  const scope = { broken: of("broken"), stands: of("stands"), untried: of("untried") };
  // Of nothing else is anything known: then why it cannot be tried is the answer.
  return scope.broken.length + scope.stands.length > 0 ? scope : { broken: scope.untried, stands: [], untried: [] };
}

/** Checks that hold: they have to stay true. */
export const holdingIn = ({ checks }: Seen): ReadonlySet<CheckKey> =>
  new Set([...checks].flatMap(([key, { verdict }]) => (verdict === "pass" ? [key] : [])));

/** What was seen, as the baseline of the document with this scope. */
export function baselineFor(scope: RepairScope, facts: RepairFacts, { checks }: Seen): readonly BaselineCheck[] {
  const holds = holdingIn({ checks, targets: [], diagnoses: new Map() });
  return criteriaOf(scope, facts).flatMap((criterion, at) =>
    criterion.checks.flatMap(({ key, input }, index) => {
      const seen = checks.get(key);
      const regression = input.regression === true || holds.has(key);
      return seen ? [{ ...seen, criterion: `AC-${at + 1}`, index, regression }] : [];
    }),
  );
}

/** A failure at the base, as the mechanics take it: the same tree would only fail again. */
export function failuresIn({ diagnoses }: Seen): ReadonlyMap<string, NixFailure> {
  return new Map(
    [...diagnoses].map(([attribute, all]) => [
      attribute,
      { ok: false, diagnoses: all, log: "", why: "failed", seconds: 0 } satisfies NixFailure,
    ]),
  );
}
