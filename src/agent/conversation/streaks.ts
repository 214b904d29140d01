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
  /** The largest of `failures`, which only grow until they are forgotten. */
  readonly failed: number;
  /** Calls that succeeded once. */
  readonly known: ReadonlySet<string>;
  /** Replies in a row that called no tool. */
  readonly idle: number;
  /** Highest `progress` seen. */
  readonly best: number | undefined;
  /** Fingerprint -> in how many replies since the last best. */
  readonly stuck: ReadonlyMap<string, number>;
  /** The largest of `stuck`. */
  readonly stagnant: number;
  /** Fingerprints that the present reply's calls have met: several calls of one reply are one attempt. */
  readonly met: ReadonlySet<string>;
}

/** Streaks that grow in place. */
export interface OwnStreaks extends Streaks {
  failures: Map<string, number>;
  failed: number;
  known: Set<string>;
  idle: number;
  best: number | undefined;
  stuck: Map<string, number>;
  stagnant: number;
  met: Set<string>;
}

export const newStreaks = (): OwnStreaks => ({
  failures: new Map(),
  failed: 0,
  known: new Set(),
  idle: 0,
  best: undefined,
  stuck: new Map(),
  stagnant: 0,
  met: new Set(),
});

export const ownStreaks = (streaks: Streaks): OwnStreaks => ({
  ...streaks,
  failures: new Map(streaks.failures),
  known: new Set(streaks.known),
  stuck: new Map(streaks.stuck),
  met: new Set(streaks.met),
});

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

export function hearReply(streaks: OwnStreaks, calledTools: boolean): void {
  streaks.idle = calledTools ? 0 : streaks.idle + 1;
  streaks.met.clear();
}

export function hearResult(
  streaks: OwnStreaks,
  call: { readonly tool: string; readonly arguments: string },
  result: { readonly text: string; readonly isError: boolean; readonly details?: unknown },
  writes = true,
): void {
  const key = `${call.tool}\u0000${call.arguments}`;
  const { fingerprint, progress } = signals(result.details);
  hearFingerprint(streaks, result.isError && writes ? fingerprint : undefined, progress);
  if (result.isError) {
    const failed = counted(streaks.failures, `${key}\u0000${fingerprint ?? result.text}`);
    streaks.failed = Math.max(streaks.failed, failed);
  } else if (!streaks.known.has(key)) {
    streaks.known.add(key);
    streaks.failures.clear();
    streaks.failed = 0;
  }
}

export function hearAcceptance(streaks: OwnStreaks, report: unknown): void {
  const { fingerprint, progress } = signals(report);
  hearFingerprint(streaks, fingerprint, progress);
}

function hearFingerprint(streaks: OwnStreaks, fingerprint: string | undefined, progress: number | undefined): void {
  if (progress !== undefined && (streaks.best === undefined || progress > streaks.best)) {
    streaks.best = progress;
    streaks.stuck.clear();
    streaks.stagnant = 0;
  }
  if (fingerprint === undefined || streaks.met.has(fingerprint)) return;
  streaks.stagnant = Math.max(streaks.stagnant, counted(streaks.stuck, fingerprint));
  streaks.met.add(fingerprint);
}

function counted(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** The longest run of identical failures, or of replies without a call. */
export const repeats = ({ idle, failed }: Streaks): number => Math.max(idle, failed);

export const stagnation = ({ stagnant }: Streaks): number => stagnant;
