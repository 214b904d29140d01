/** How a run ended: one vocabulary for sessions, reports, evals and exit codes. */

export const LIMITS = ["turns", "tokens", "usd", "wall", "builds", "repeats", "stagnation"] as const;
export type LimitName = (typeof LIMITS)[number];

/** Typed reasons of an honest surrender. */
export const GIVE_UP_REASONS = [
  "missing-in-nixpkgs",
  "version-not-available",
  "source-needs-patch",
  "lock-file-missing",
  "records-missing",
  "network-at-build-time",
  "special-hardware",
  "platform",
  "needs-credentials",
  "resources",
  "contradiction",
  "criterion-wrong",
  "no-known-fix",
  "not-understood",
] as const;
export type GiveUpReason = (typeof GIVE_UP_REASONS)[number];

/** What each reason says, for whoever chooses one. */
export const GIVE_UP_MEANINGS: Readonly<Record<GiveUpReason, string>> = {
  "missing-in-nixpkgs": "the locked nixpkgs has no such package",
  "version-not-available": "no input gives the version that is needed",
  "source-needs-patch": "only a change of the sources or tests would do, and the scope has none",
  "lock-file-missing": "a lock file is missing or wrong, and may not be made here",
  "records-missing": "recorded build steps are missing",
  "network-at-build-time": "the build or its tests need the network",
  "special-hardware": "a device is needed that a build does not have",
  platform: "it cannot be done for this system",
  "needs-credentials": "a source is private",
  resources: "time, memory or disk do not suffice",
  contradiction: "the request contradicts itself, the documents or the policy",
  "criterion-wrong": "a criterion asks for what is wrong or cannot be",
  "no-known-fix": "the failure is understood, and nothing that you know mends it",
  "not-understood": "what is asked for, or what fails, is not understood",
};

export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "nothing-to-do"; readonly detail: string }
  /** Part of what was asked for is proven and handed over; `detail` names what is left. */
  | { readonly kind: "partly"; readonly reason?: GiveUpReason; readonly detail: string }
  | { readonly kind: "gave-up"; readonly reason: GiveUpReason; readonly detail: string }
  | {
      readonly kind: "question";
      readonly reason?: GiveUpReason;
      readonly detail: string;
      /** The change is finished and kept; it waits for a person's waiver of each of these (`PATTERN:FILE`). */
      readonly waivers?: readonly string[];
    }
  | { readonly kind: "unmet"; readonly detail: string }
  | { readonly kind: "incomplete"; readonly detail: string }
  | { readonly kind: "limit"; readonly limit: LimitName; readonly detail: string }
  | { readonly kind: "tampering"; readonly detail: string }
  | { readonly kind: "provider"; readonly detail: string }
  | { readonly kind: "infra"; readonly detail: string }
  | { readonly kind: "interrupted" };

const LIMIT_EXIT: Readonly<Record<LimitName, number>> = {
  turns: 10,
  tokens: 11,
  usd: 12,
  wall: 13,
  builds: 14,
  repeats: 15,
  stagnation: 16,
};

/** Whether a session that ended so can go on where it was: its worktree is kept. Every other end is final. */
export function isResumable({ kind }: Outcome): boolean {
  return kind === "interrupted" || kind === "limit" || kind === "provider" || kind === "infra";
}

/** The documented exit code of an outcome (crq-format.md §10; `crq-agent help exit-codes`). */
export function exitCode(outcome: Outcome): number {
  switch (outcome.kind) {
    case "done":
    case "nothing-to-do":
      return 0;
    case "unmet":
      return 1;
    case "infra":
      return 3;
    case "incomplete":
      return 4;
    case "question":
      return 5;
    case "tampering":
      return 6;
    case "partly":
      return 7;
    case "limit":
      return LIMIT_EXIT[outcome.limit];
    case "gave-up":
      return 20;
    case "provider":
      return 21;
    case "interrupted":
      return 130;
  }
}
