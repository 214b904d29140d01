/** A pair of models that a test told apart. */
export interface Different {
  readonly better: string;
  readonly worse: string;
}

export interface Standing {
  readonly model: string;
  /** Models that share a letter are tied. */
  readonly letters: string;
  /** The ranks that cannot be excluded: 1 + those that are better, and all but those that are worse. */
  readonly rank: readonly [number, number];
}

/**
 * The compact letter display: two models share a letter exactly if no test told them apart. Insert and absorb (Piepho 2004): each
 * difference splits the sets that hold both; a set within another one says nothing and goes.
 *
 * @param models sorted by estimate, the best first; letters are given in that order.
 */
export function standings(models: readonly string[], different: readonly Different[]): readonly Standing[] {
  let sets: readonly ReadonlySet<string>[] = [new Set(models)];
  for (const { better, worse } of different) {
    const split = sets.flatMap((set) =>
      set.has(better) && set.has(worse) ? [without(set, better), without(set, worse)] : [set],
    );
    sets = absorb(split);
  }
  const place = new Map(models.map((model, at) => [model, at]));
  const firstOf = (set: ReadonlySet<string>): readonly number[] =>
    [...set].map((model) => place.get(model) ?? 0).sort((a, b) => a - b);
  const ordered = [...sets].sort((a, b) => comparePlaces(firstOf(a), firstOf(b)));
  return models.map((model) => ({
    model,
    letters: ordered.flatMap((set, at) => (set.has(model) ? [letter(at)] : [])).join(""),
    rank: [
      1 + different.filter(({ worse }) => worse === model).length,
      models.length - different.filter(({ better }) => better === model).length,
    ],
  }));
}

const without = (set: ReadonlySet<string>, model: string): ReadonlySet<string> =>
  new Set([...set].filter((one) => one !== model));

const absorb = (sets: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] =>
  sets.filter(
    (set, at) =>
      !sets.some(
        (other, otherAt) => otherAt !== at && [...set].every((one) => other.has(one)) && (other.size > set.size || otherAt < at),
      ),
  );

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [at, place] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (place !== other) return place - other;
  }
  return a.length - b.length;
}

/** a … z, then aa, ab …: thirty models that are all different need thirty letters. */
function letter(at: number): string {
  const last = String.fromCharCode(97 + (at % 26));
  return at < 26 ? last : letter(Math.floor(at / 26) - 1) + last;
}
