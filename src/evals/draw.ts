/** A small seeded generator (mulberry32 over an FNV-1a hash of the seed): the same seed draws the same repository on every machine. */
export interface Draw {
  /** An integer from 0 to `below - 1`. */
  readonly number: (below: number) => number;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  /** `count` different items in a drawn order. */
  readonly some: <T>(items: readonly T[], count: number) => readonly T[];
  readonly chance: (percent: number) => boolean;
}

export function drawFrom(seed: string): Draw {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(seed)) state = Math.imul(state ^ byte, 0x01000193);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (below: number): number => Math.floor(next() * below);
  return {
    number,
    pick: (items) => items[number(items.length)] ?? items[0],
    some: (items, count) => {
      const rest = [...items];
      return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(number(rest.length), 1)).flat();
    },
    chance: (percent) => number(100) < percent,
  };
}
