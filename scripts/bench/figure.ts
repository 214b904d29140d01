/** One figure of `npm run bench`: a value and a reference measured in the same run; medians. */
export interface Figure {
  readonly value: number;
  readonly reference: number;
  /** value / reference. */
  readonly ratio: number;
  readonly unit: string;
  readonly runs: number;
}

export interface Bench {
  /** What is compared with what, and the bound that issue or design set. */
  readonly about: string;
  /** The ratio must not pass this (`at most`) or fall below it (`at least`). */
  readonly bound: { readonly side: "at most" | "at least"; readonly ratio: number };
  /** `broken`: something was seen that no figure makes good. */
  run(): Promise<Figure & { readonly notes?: readonly string[]; readonly broken?: boolean }>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error("the median of nothing was asked for");
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Runs both in turn, A B A B, so that a drift of the machine meets both alike. One warm-up of each is not counted. */
export async function inTurn(
  runs: number,
  value: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Omit<Figure, "unit">> {
  const values: number[] = [];
  const references: number[] = [];
  await value();
  await reference();
  for (let i = 0; i < runs; i++) {
    values.push(await value());
    references.push(await reference());
  }
  return { value: median(values), reference: median(references), ratio: median(values) / median(references), runs };
}
