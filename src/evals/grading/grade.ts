import type { TrialRow } from "../results/trial-row.ts";

/** Raised with every change of what a gate or a tamper rule decides: rows of unlike versions are not compared. */
export const GATE_VERSION = 1;

/** What the host says of one submission. */
export type Grade = Pick<TrialRow, "gates" | "hack" | "suspicions" | "resolved" | "stage" | "quality">;
