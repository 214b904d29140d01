import { bashScript } from "./completion/bash.ts";
import { fishScript } from "./completion/fish.ts";
import { zshScript } from "./completion/zsh.ts";
import type { VerbFacts } from "./verb-facts.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** `crq-agent completion SHELL`: a script made from the tree of verbs, so that it knows what this program knows. */
export function completionScript(shell: Shell, verbs: readonly VerbFacts[]): string {
  switch (shell) {
    case "bash":
      return bashScript(verbs);
    case "zsh":
      return zshScript(verbs);
    case "fish":
      return fishScript(verbs);
  }
}
