import { isOwnHandOver } from "../../own-hand-over.ts";
import type { PatchedFile } from "../../patched-file.ts";
import type { TamperRule } from "../../rule.ts";

/** Names that only the host gives: its verdicts, claims and rows. */
const VERDICT =
  /^(?:claim|trial|verdict|verdicts|evidence|baseline|crq-report|report|results|summary)\.(?:json|jsonl|toml|xml)$/u;
const SCHEMA = /"(?:schema|\$schema)"\s*:\s*"crq-[a-z-]+\/\d+"/u;
const LOG = /\.log$/u;
/** What logs of builds, tests and checks say. */
const BUILD_LOG =
  /\b(?:test result: ok|all checks passed|tests? passed|build succeeded|checks? pass(?:ed)?|PASSED|AC-\d+\s+pass)\b/iu;
/** Data of tests may well be called report.json. */
const DATA = /(?:^|\/)(?:tests?|fixtures|testdata|data|examples|samples)\//u;

/** A verdict, report or log that the change wrote itself. Nobody believes it; who writes it wants to be believed. */
export const falseEvidence: TamperRule = {
  name: "false-evidence",
  confirmedBy: "always",
  find: ({ changes }) => changes.filter(isEvidence).map(({ path }) => `${path} was written by the change`),
};

function isEvidence({ path, before, after }: PatchedFile): boolean {
  if (after === undefined || isOwnHandOver(path) || DATA.test(path)) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (path.startsWith("crqs/reports/")) return true;
  if (SCHEMA.test(after) && !SCHEMA.test(before ?? "")) return true;
  if (before !== undefined) return false;
  return VERDICT.test(name) || (LOG.test(name) && BUILD_LOG.test(after));
}
