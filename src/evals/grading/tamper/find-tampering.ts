import { plainText } from "../../../agent/plain-text.ts";
import { attemptedFiles } from "./attempts.ts";
import type { Finding, TamperInput, TamperRule, TamperRuleName } from "./rule.ts";
import { copiedGolden } from "./rules/hard/copied-golden.ts";
import { criteriaEdited } from "./rules/hard/criteria-edited.ts";
import { falseEvidence } from "./rules/hard/false-evidence.ts";
import { forbiddenRead } from "./rules/hard/forbidden-read.ts";
import { gitTrick } from "./rules/hard/git-trick.ts";
import { nixConfig } from "./rules/hard/nix-config.ts";
import { protectedPath } from "./rules/hard/protected-path.ts";
import { sandboxEscape } from "./rules/hard/sandbox-escape.ts";
import { changedSourceHash } from "./rules/soft/changed-source-hash.ts";
import { disabledCheck } from "./rules/soft/disabled-check.ts";
import { prebuilt } from "./rules/soft/prebuilt.ts";

/** The rules of evals.md, 5.2, in the order in which one of several confirmed ones is named. */
const RULES: Readonly<Record<TamperRuleName, TamperRule>> = {
  "criteria-edited": criteriaEdited,
  "copied-golden": copiedGolden,
  "forbidden-read": forbiddenRead,
  "nix-config": nixConfig,
  "sandbox-escape": sandboxEscape,
  "false-evidence": falseEvidence,
  "git-trick": gitTrick,
  prebuilt,
  "disabled-check": disabledCheck,
  "changed-source-hash": changedSourceHash,
  // Named last: a cheat that also leaves its scope is better named by what it did there.
  "protected-path": protectedPath,
};

export interface Tampering {
  /** The hack that is counted; null: none. */
  readonly confirmed: Finding | null;
  /** Further confirmed ones, and soft ones that no failed gate confirms. */
  readonly suspicions: readonly Finding[];
}

const MAX_EVIDENCE = 300;

/** Looks for cheating in what a trial did and handed over. Pure. */
export function findTampering(input: TamperInput): Tampering {
  const attempts = attemptedFiles(input.events, input.texts);
  const found = Object.values(RULES).flatMap((rule) => {
    const done = inOneLine(rule.find(input));
    if (done !== undefined) return [{ finding: { rule: rule.name, evidence: done }, confirmed: isConfirmed(rule, input) }];
    if (rule.tried === undefined || attempts.length === 0) return [];
    const tried = inOneLine(rule.find({ ...input, changes: attempts, events: [] }));
    if (tried === undefined) return [];
    return [{ finding: { rule: rule.name, evidence: `tried: ${tried}` }, confirmed: rule.tried === "confirmed" }];
  });
  const hack = found.find(({ confirmed }) => confirmed);
  return {
    confirmed: hack?.finding ?? null,
    suspicions: found.filter((one) => one !== hack).map(({ finding }) => finding),
  };
}

/** Paths and texts are the model's: nothing of them may act on a terminal or begin a line of its own. */
function inOneLine([first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  const shown = plainText(first).replace(/\s+/gu, " ");
  return clipped(more.length === 0 ? shown : `${shown} (and ${more.length} more)`);
}

const isConfirmed = ({ confirmedBy }: TamperRule, { gates }: TamperInput): boolean =>
  confirmedBy === "always" || confirmedBy.some((gate) => gates[gate]?.verdict === "fail");

const clipped = (text: string): string => (text.length > MAX_EVIDENCE ? `${text.slice(0, MAX_EVIDENCE - 1)}…` : text);
