import type { CrqKind } from "../../crq/model.ts";

/** The kind of a change from the words of its task; the first kind whose words occur, in this order. */
const WORDS: readonly (readonly [CrqKind, RegExp])[] = [
  ["lattice", /\blattice\b/i],
  [
    "steps",
    /\bbootstrap\b|\bcompiler (?:call|invocation)s?\b|\bbuild steps\b|\bstep flakes?\b|\brecorded (?:builds?|steps?)\b|\b(?:each|every) step\b|\bsteps? of (?:the|a|an|our|its|this)\b[^.]*\bbuild\b/i,
  ],
  ["docs", /^\s*(?:please\s+)?(?:document|describe|explain)\b/i],
  // Who wants a thing built or given as a document says names that document, and wants the thing.
  ["nixify", /^\s*(?:please\s+)?(?:build|give|set up)\b[^.]*\b(?:nix|flake)\b/i],
  [
    "nixify",
    /\bnixif\w*|\bnixi(?:s|z)e\b|\b(?:add|create|write|provide|make|need|want)s?\b[^.]*\bflake\b|\bpackage\b[^.]*\b(?:with|for|in) nix\b|\bbuilds? (?:it |this |everything )?(?:with|by|under|in) nix\b|\b(?:port|move|migrate)\b[^.]*\bnix\b/i,
  ],
  ["incident", /^\s*incident\b|\bincident (?:report|of|on)\b|\boutage\b|\bpost-?mortem\b/i],
  ["fix", /\b(?:fix|repair|mend|finish|complete|broken|fails?|failing|does not (?:build|evaluate|work)|half[- ]finished)\b/i],
  ["docs", /\b(?:document|documentation|readme|docs|describe|explain)\b/i],
  ["policy", /\bpolicy\b|\bvendor(?:ed|ize|ise)?\b[^.]*\burls?\b/i],
  ["refactor", /\brefactor\w*|\brestructure\b|\brename\b/i],
  ["nixify", /\bnix\b|\bflake\b/i],
];

export function classifyTask(task: string): CrqKind | undefined {
  return WORDS.find(([, words]) => words.test(task))?.[0];
}
