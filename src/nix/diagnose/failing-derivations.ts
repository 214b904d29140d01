import { type NixEvents, type NixMessage, nameOfDerivation } from "../events.ts";

/** How a derivation failed, from Nix's own messages in the words of 2.18 to 2.34. */
export type FailureReason =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: number }
  | { readonly kind: "hash"; readonly specified: string; readonly got: string }
  | { readonly kind: "timeout"; readonly seconds: number; readonly silent: boolean }
  | { readonly kind: "no-output" }
  | { readonly kind: "not-deterministic" };

export interface FailedBuild {
  readonly drv: string;
  readonly name: string;
  readonly reason: FailureReason;
  readonly message: NixMessage;
}

const DRV = "'(/nix/store/[^']+\\.drv)(?:[!^][^']*)?'";

const EXIT_OLD = new RegExp(`builder for ${DRV} failed with exit code (\\d+)`, "u");
const EXIT_NEW = new RegExp(`Cannot build ${DRV}\\.\\s+Reason: builder failed with exit code (\\d+)`, "u");
const SIGNAL_OLD = new RegExp(`builder for ${DRV} failed due to signal (\\d+)`, "u");
const SIGNAL_NEW = new RegExp(`Cannot build ${DRV}\\.\\s+Reason: builder failed due to signal (\\d+)`, "u");
const HASH = new RegExp(`hash mismatch in fixed-output derivation ${DRV}:\\s+specified:\\s+(\\S+)\\s+got:\\s+(\\S+)`, "u");
const TIMEOUT_OLD = new RegExp(`building of ${DRV} from \\.drv file timed out after (\\d+) seconds( of silence)?`, "u");
const TIMEOUT_NEW = /timed out after (\d+) seconds( of silence)?/u;
const NO_OUTPUT = new RegExp(`(?:builder for|Cannot build) ${DRV}(?:\\.\\s+Reason: builder)? failed to produce output path`, "u");
const DIFFERS = new RegExp(`derivation ${DRV} may not be deterministic`, "u");

/**
 * The derivations that failed themselves, in the order of Nix's messages. Those that only had a failing dependency are left out: their log
 * is empty, and an empty log says nothing about whose fault it is.
 */
export function failedBuilds(events: NixEvents): readonly FailedBuild[] {
  const failed = new Map<string, FailedBuild>();
  const add = (drv: string | undefined, reason: FailureReason, message: NixMessage): void => {
    if (drv !== undefined && !failed.has(drv)) failed.set(drv, { drv, name: nameOfDerivation(drv), reason, message });
  };
  for (const message of events.messages) {
    const { text } = message;
    const exit = text.match(EXIT_OLD) ?? text.match(EXIT_NEW);
    if (exit) add(exit[1], { kind: "exit", code: Number(exit[2]) }, message);
    const signal = text.match(SIGNAL_OLD) ?? text.match(SIGNAL_NEW);
    if (signal) add(signal[1], { kind: "signal", signal: Number(signal[2]) }, message);
    const hash = text.match(HASH);
    if (hash) add(hash[1], { kind: "hash", specified: hash[2] ?? "", got: hash[3] ?? "" }, message);
    const missing = text.match(NO_OUTPUT);
    if (missing) add(missing[1], { kind: "no-output" }, message);
    const differs = text.match(DIFFERS);
    if (differs) add(differs[1], { kind: "not-deterministic" }, message);
    const timeout = text.match(TIMEOUT_OLD);
    if (timeout) add(timeout[1], { kind: "timeout", seconds: Number(timeout[2]), silent: timeout[3] !== undefined }, message);
    const bare = timeout ? null : text.match(TIMEOUT_NEW);
    // 2.34 does not name it: it is the build that was running last.
    if (bare) add(lastBuild(events), { kind: "timeout", seconds: Number(bare[1]), silent: bare[2] !== undefined }, message);
  }
  return [...failed.values()];
}

const lastBuild = (events: NixEvents): string | undefined =>
  (events.derivations.findLast(({ running }) => running) ?? events.derivations.at(-1))?.drv;
