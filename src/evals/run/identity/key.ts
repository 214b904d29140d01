import canonicalize from "canonicalize";
import { sha256 } from "../../../world/content/listing.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import type { TaskFile } from "../../task/task-file.ts";

/** All that decides what a trial does. Two trials with equal identities are the same trial, in whatever run they stand. */
export interface TrialIdentity {
  readonly schema: "crq-trial/1";
  readonly taskHash: string;
  readonly suiteSchema: number;
  /** Hash of the program that the agent runs. */
  readonly agentBuild: string;
  readonly promptsHash: string;
  readonly toolsHash: string;
  readonly model: {
    readonly alias: string;
    readonly provider: string;
    readonly name: string;
    readonly params: Readonly<Record<string, unknown>>;
  };
  readonly world: TrialRow["world"];
  readonly toolchain: string;
  readonly nix: string;
  readonly isolation: TrialRow["isolation"];
  readonly store: "trial";
  readonly limits: TaskFile["limits"];
  readonly resources: TaskFile["resources"];
  /** From 1. */
  readonly repeat: number;
}

/** sha256 over the canonical JSON of RFC 8785, so that neither the order of fields nor the way a number is written changes it. Hex. */
export function trialKey(identity: TrialIdentity): string {
  const text = canonicalize(identity);
  if (text === undefined) throw new TypeError("the identity of a trial is no JSON value");
  return sha256(text);
}

/** Digits of a key that name a trial's folder. */
const FOLDER_DIGITS = 20;

export const folderOfKey = (key: string): string => key.slice(0, FOLDER_DIGITS);
