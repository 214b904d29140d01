import { join } from "node:path";
import { drawFrom } from "../../src/evals/draw.ts";
import { PLANTERS } from "../../src/evals/faults/all.ts";
import type { GoodRepository, Planter } from "../../src/evals/faults/fault.ts";
import { STYLES, type Style } from "../../test/rules/generated/good-flakes.ts";
import { GOOD_SHAPES, goodDraft } from "../../test/rules/generated/good-repositories.ts";
import { type FaultsPlace, openFaultsPlace } from "./place.ts";
import { makeGood } from "./repositories.ts";
import { type Trial, tryRepair } from "./trial.ts";

/** Which faults are planted into which repositories, all from one seed. */

const names = (planter: Planter): readonly string[] => [String(planter.row), planter.label, planter.name];

/** One planter of each class (row and kind), drawn; all that are named. */
export function chosenPlanters(classes: readonly string[], every: boolean, seed: string): readonly Planter[] {
  const named = PLANTERS.filter((planter) => classes.length === 0 || names(planter).some((name) => classes.includes(name)));
  if (named.length === 0) throw new Error(`--class ${classes.join(", ")}: no planter has that row, kind or name`);
  if (every || classes.length > 0) return named;
  const groups = Map.groupBy(named, ({ row, label }) => `${row} ${label}`);
  return [...groups.values()].flatMap((group) => drawFrom(`${seed} planters`).some(group, 1));
}

/** Repositories by need: made when a planter asks for one that it can use. */
class Repositories {
  readonly #place: FaultsPlace;
  readonly #seed: string;
  readonly #made = new Map<number, Promise<GoodRepository>>();
  readonly #kinds: readonly (readonly [(typeof GOOD_SHAPES)[number], Style])[];

  constructor(place: FaultsPlace, seed: string) {
    this.#place = place;
    this.#seed = seed;
    const draw = drawFrom(`${seed} repositories`);
    const styles = draw.some(Object.keys(STYLES) as Style[], 9);
    const shapes = draw.some(GOOD_SHAPES, 9);
    // Each style with two shapes, so that the styles come round before a shape repeats with one.
    this.#kinds = [0, 1].flatMap((turn) =>
      styles.map((style, index) => [shapes[(index + turn * 2) % shapes.length] ?? "plain binary", style] as const),
    );
  }

  get count(): number {
    return this.#kinds.length;
  }

  get(index: number): Promise<GoodRepository> {
    const kind = this.#kinds[index];
    if (!kind) throw new Error(`there are ${this.count} repositories`);
    const made =
      this.#made.get(index) ??
      makeGood(
        this.#place.nix,
        goodDraft(kind[0], kind[1], `${this.#seed}-${index}`, this.#place.supply.system),
        join(this.#place.base, `good-${index}`),
      );
    this.#made.set(index, made);
    return made;
  }
}

/**
 * Trials of one planter, in repositories that take its fault; a drawn one comes first. A fault that does not show (the warm store has what was to be
 * refused) is planted into the next repository.
 */
async function trialsOf(
  place: FaultsPlace,
  planter: Planter,
  repositories: Repositories,
  wanted: number,
  seed: string,
): Promise<readonly Trial[]> {
  const draw = drawFrom(`${seed} ${planter.name} order`);
  const all = [...Array(repositories.count).keys()];
  // Each style once before any comes again, so that few repositories serve many faults.
  const styles = Object.keys(STYLES).length;
  const order = [...draw.some(all.slice(0, styles), styles), ...draw.some(all.slice(styles), styles)];
  const trials: Trial[] = [];
  let unseen: Trial | undefined;
  for (const index of order) {
    if (trials.length === wanted) break;
    const trial = await tryRepair(place, await repositories.get(index), planter, `${seed}-${index}`);
    if (trial?.diagnosed === undefined) unseen = trial ?? unseen;
    else trials.push(trial);
  }
  return trials.length === 0 && unseen ? [unseen] : trials;
}

export async function runTrials(
  planters: readonly Planter[],
  seed: string,
  wanted: number,
  told: (trial: Trial) => void,
  /** No further fault is planted after so many; then they come in a drawn order, so that those that were are no choice of ours. */
  minutes?: number,
): Promise<readonly Trial[]> {
  const place = await openFaultsPlace();
  try {
    const repositories = new Repositories(place, seed);
    const trials: Trial[] = [];
    const end = minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
    const drawn = minutes === undefined ? planters : drawFrom(`${seed} order`).some(planters, planters.length);
    for (const planter of drawn) {
      if (performance.now() > end) break;
      const own = await trialsOf(place, planter, repositories, wanted, seed);
      own.forEach(told);
      trials.push(...own);
    }
    return trials;
  } finally {
    await place.close();
  }
}
