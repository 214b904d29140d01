/** p values of several tests at once. An adjusted value stands where its raw one stood. */

/** Holm's step-down adjustment: whoever rejects at .05 is wrong anywhere in at most 5 % of all runs (Holm 1979). */
export function holm(raw: readonly number[]): readonly number[] {
  const order = ascending(raw);
  const adjusted = new Array<number>(raw.length).fill(1);
  let highest = 0;
  for (const [rank, { at, p }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (raw.length - rank) * p));
    adjusted[at] = highest;
  }
  return adjusted;
}

/** Benjamini and Hochberg's adjustment: of what is rejected at q, a share of q is wrong on average. For exploration alone. */
export function benjaminiHochberg(raw: readonly number[]): readonly number[] {
  const order = ascending(raw);
  const adjusted = new Array<number>(raw.length).fill(1);
  let lowest = 1;
  for (const [fromEnd, { at, p }] of [...order].reverse().entries()) {
    lowest = Math.min(lowest, (raw.length / (raw.length - fromEnd)) * p);
    adjusted[at] = lowest;
  }
  return adjusted;
}

const ascending = (raw: readonly number[]): readonly { readonly at: number; readonly p: number }[] =>
  raw.map((p, at) => ({ at, p })).sort((one, other) => one.p - other.p || one.at - other.at);
