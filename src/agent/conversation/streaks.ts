/**
 * Going in circles, judged from events alone and never by asking a model. Two measures:
 *
 * - repeats: the same tool call with the same failure, again and again. A successful call that was not made before is news and starts the
 *   count afresh; a successful call that was made before is not (a loop of read, build, read, build is a loop). Replies in a row that call no
 *   tool count as well.
 * - stagnation: the same diagnosis fingerprint in reply after reply, without a new best. It does not ask what was called between. Tools
 *   that only look do not count, and several calls of one reply count once.
 */
export interface Streaks {
  /** Failing call and fingerprint -> how often since the last news. */
  readonly failures: ReadonlyMap<string, number>;
  /** Calls that succeeded once. */
  readonly known: ReadonlySet<string>;
  /** Replies in a row that called no tool. */
  readonly idle: number;
  /** Highest `progress` seen. */
  readonly best: number | undefined;
  /** Fingerprint -> in how many replies since the last best. */
  readonly stuck: ReadonlyMap<string, number>;
  /** Fingerprints that the present reply's calls have met: several calls of one reply are one attempt. */
  readonly met: ReadonlySet<string>;
}

export const NO_STREAKS: Streaks = {
  failures: new Map(),
  known: new Set(),
  idle: 0,
  best: undefined,
  stuck: new Map(),
  met: new Set(),
};

/** What the host can read out of a tool's `details` or an acceptance report without knowing its domain. */
export interface Signals {
  /** All values of keys named `fingerprint`, sorted and joined; undefined where there is none. */
  readonly fingerprint: string | undefined;
  /** The number under the top-level key `progress`: larger is better. */
  readonly progress: number | undefined;
}

export function signals(details: unknown): Signals {
  const found = new Set<string>();
  collectFingerprints(details, found, 0);
  const progress = isRecord(details) ? details.progress : undefined;
  return {
    fingerprint: found.size === 0 ? undefined : [...found].sort().join("\n"),
    progress: typeof progress === "number" ? progress : undefined,
  };
}

/** Details nest a few levels (criteria, their diagnoses); the bound keeps a hostile or cyclic value harmless. */
const MAX_DEPTH = 6;

function collectFingerprints(value: unknown, into: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const item of value) collectFingerprints(item, into, depth + 1);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === "fingerprint" && typeof item === "string") into.add(item);
      else collectFingerprints(item, into, depth + 1);
    }
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const afterReply = (streaks: Streaks, calledTools: boolean): Streaks => ({
  ...streaks,
  idle: calledTools ? 0 : streaks.idle + 1,
  met: new Set(),
});

export function afterResult(
  streaks: Streaks,
  call: { readonly tool: string; readonly arguments: string },
  result: { readonly text: string; readonly isError: boolean; readonly details?: unknown },
  writes = true,
): Streaks {
  const key = `${call.tool}\u0000${call.arguments}`;
  const { fingerprint, progress } = signals(result.details);
  const seen = afterFingerprint(streaks, result.isError && writes ? fingerprint : undefined, progress);
  if (result.isError) return { ...seen, failures: counted(seen.failures, `${key}\u0000${fingerprint ?? result.text}`) };
  if (seen.known.has(key)) return seen;
  return { ...seen, known: new Set([...seen.known, key]), failures: new Map() };
}

export function afterAcceptance(streaks: Streaks, report: unknown): Streaks {
  const { fingerprint, progress } = signals(report);
  return afterFingerprint(streaks, fingerprint, progress);
}

function afterFingerprint(streaks: Streaks, fingerprint: string | undefined, progress: number | undefined): Streaks {
  const better = progress !== undefined && (streaks.best === undefined || progress > streaks.best);
  const fresh = better ? { ...streaks, best: progress, stuck: new Map<string, number>() } : streaks;
  if (fingerprint === undefined || fresh.met.has(fingerprint)) return fresh;
  return { ...fresh, stuck: counted(fresh.stuck, fingerprint), met: new Set([...fresh.met, fingerprint]) };
}

const counted = (counts: ReadonlyMap<string, number>, key: string): ReadonlyMap<string, number> =>
  new Map(counts).set(key, (counts.get(key) ?? 0) + 1);

/** The longest run of identical failures, or of replies without a call. */
export const repeats = (streaks: Streaks): number => Math.max(streaks.idle, ...streaks.failures.values());

export const stagnation = (streaks: Streaks): number => Math.max(0, ...streaks.stuck.values());
