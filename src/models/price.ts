/** USD per million tokens. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  /** Absent: as input. */
  readonly cacheRead?: number;
  /** Absent: as input. */
  readonly cacheWrite?: number;
}

export interface Price extends Rates {
  /** Rates of the whole request once its prompt has more than `above` tokens, cached ones included. */
  readonly long?: Rates & { readonly above: number };
}
