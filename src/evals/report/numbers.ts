import type { EstimateSummary, RatioSummary, Summary } from "../results/summary.ts";

/** Numbers as people read them: each with its interval, unknown ones as a dash. */

export const NONE = "–";

/** Whole percents, with a decimal below ten and where one is told from all by it: what is printed as nothing is nothing, and as all is all. */
export function percent(share: number): string {
  const decimals = (share > 0 && share < 0.1) || (share >= 0.995 && share < 1) ? 1 : 0;
  const shown = (share * 100).toFixed(decimals);
  if (share > 0 && Number(shown) === 0) return "< 0.1 %";
  return share < 1 && Number(shown) === 100 ? "> 99.9 %" : `${shown} %`;
}

/** `67 % [48, 82]`. */
export function withInterval(value: EstimateSummary | undefined): string {
  if (!value) return NONE;
  const { estimate, interval } = value;
  return interval ? `${percent(estimate)} [${round(interval.low)}, ${round(interval.high)}]` : percent(estimate);
}

const round = (share: number): string => (share * 100).toFixed(0);

/** A difference in points: `+12 [-3, 27]`. */
export function points(estimate: number, interval: { readonly low: number; readonly high: number } | undefined): string {
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${(value * 100).toFixed(0)}`;
  return interval ? `${signed(estimate)} [${signed(interval.low)}, ${signed(interval.high)}]` : signed(estimate);
}

/** What a run of its design can tell apart. A gap above 100 points is none that two models can have. */
export const detectable = (gap: number, between = ""): string =>
  gap > 1
    ? `no gap${between} could be seen with 80 % power`
    : `a gap of ${percent(gap).replace(" %", "")} points${between} is seen with 80 % power`;

/** The gap that a run would see; undefined where its clusters are too few for any test, which sees nothing. */
export const testableGap = ({ mde, descriptive }: Pick<Summary, "mde" | "descriptive">): number | undefined =>
  descriptive ? undefined : mde;

/** The same as a sentence of its own. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

export const shareOf = (ratio: RatioSummary): string =>
  ratio ? `${percent(ratio.estimate)} (${ratio.numerator}/${ratio.denominator})` : NONE;

export const dollars = (ratio: RatioSummary): string => (ratio ? `$${amount(ratio.estimate)}` : NONE);

/** Two or three digits that mean something. */
export function amount(value: number): string {
  if (value === 0) return "0";
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 1 ? value.toFixed(2) : value.toPrecision(2);
}

export const amountOf = (ratio: RatioSummary): string => (ratio ? amount(ratio.estimate) : NONE);

/** What a test says of a pair. Where none was made (too few clusters, an unfinished run) nothing is said: that is no "no". */
export const answer = ({ p }: { readonly p?: number }, said: boolean): string => (p === undefined ? NONE : said ? "yes" : "no");

export const pValue = (p: number | undefined): string =>
  p === undefined ? NONE : p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/u, "");

export const rankRange = (rank: readonly [number, number] | undefined): string =>
  rank === undefined ? NONE : rank[0] === rank[1] ? String(rank[0]) : `${rank[0]}–${rank[1]}`;
