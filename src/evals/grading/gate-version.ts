/** Raised with every change of what a gate or a tamper rule decides: rows of unlike versions are not compared. */
export const GATE_VERSION = 1;
