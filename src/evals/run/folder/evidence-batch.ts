import { alteredEvidence } from "./evidence.ts";

/** One attempt, and the hash of its list of evidence that its row has. */
export interface CommittedAttempt {
  readonly folder: string;
  readonly expected: string;
}

/** What no longer is as it was sealed, for each attempt (see `alteredEvidence`). */
export const alteredIn = (batch: readonly CommittedAttempt[]): readonly (readonly string[])[] =>
  batch.map(({ folder, expected }) => alteredEvidence(folder, expected));

/** Threads hand each other values of any kind. */
export const isBatch = (value: unknown): value is readonly CommittedAttempt[] =>
  Array.isArray(value) &&
  value.every(
    (one: unknown) =>
      typeof one === "object" &&
      one !== null &&
      "folder" in one &&
      typeof one.folder === "string" &&
      "expected" in one &&
      typeof one.expected === "string",
  );

export const areFindings = (value: unknown): value is readonly (readonly string[])[] =>
  Array.isArray(value) &&
  value.every((one: unknown) => Array.isArray(one) && one.every((text: unknown) => typeof text === "string"));
