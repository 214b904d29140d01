/** What every verb's exit code says; `help exit-codes` and docs/reference/exit-codes.md are made from it. */
export const EXIT_CODES = {
  0: "done, or nothing to do",
  1: "findings at the threshold; a criterion that fails or passes on nothing",
  2: "usage, configuration, or a repository or CRQ that cannot be used",
  3: "internal error or infrastructure (disk full, the mirror of a world died)",
  4: "incomplete: something could not be checked here (no Nix, no sandbox, a manual criterion)",
  5: "an approval or an answer is missing",
  6: "tampering: the criteria, the policy or stored evidence were changed",
  7: "partly: what could be mended is proven and handed over, and what is left is named (repair)",
  10: "limit: turns",
  11: "limit: tokens",
  12: "limit: money",
  13: "limit: wall time",
  14: "limit: builds",
  15: "limit: repeats (the same failing step again and again)",
  16: "limit: stagnation (failures without progress)",
  20: "gave up, with a typed reason",
  21: "the model's provider failed",
  130: "interrupted",
} as const;

export type ExitCode = keyof typeof EXIT_CODES;
