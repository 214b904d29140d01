import type { Outcome } from "../../agent/outcome.ts";
import { plainText } from "../../agent/plain-text.ts";
import type { Refreshed } from "../../jobs/refresh.ts";
import { table } from "../../ui/text.ts";

/** What refreshing found, for people and for programs. */

/** @param check only asked whether everything is in step */
export function exitOf({ outcome, open, files }: Refreshed, check: boolean): number {
  if (outcome.kind === "refused") return { failed: 1, timeout: 4, unavailable: 4, aborted: 130 }[outcome.why];
  if (open.some(({ kind }) => kind === "person") || (check && files.length > 0)) return 1;
  return open.length > 0 ? 4 : 0;
}

export function refreshText({ changes, open, diff, outcome }: Refreshed): string {
  const rows = changes.map(({ what, before, after, why }) => [what, shortened(before), "→", shortened(after), why]);
  return plainText(
    [
      ...(outcome.kind === "refused" ? [] : shownDiff(diff)),
      ...(rows.length > 0 ? [table(rows)] : []),
      ...open.map(({ kind, message, next }) => `${kind === "person" ? "✗" : "?"}  ${message}. ${next}`),
      ...(outcome.kind === "refused" ? refusal(outcome) : []),
    ].join("\n"),
  );
}

/** Hashes and revisions are told apart by their beginnings; the diff and the JSON have them whole. */
const shortened = (value = "—"): string =>
  value.replace(/(sha(?:256|512)-.{12})[A-Za-z0-9+/=]+/u, "$1…").replace(/(rev=[0-9a-f]{12})[0-9a-f]{28}/u, "$1…");

/** A lock's diff says nothing that the table of pins and versions does not. */
function shownDiff(diff: string): readonly string[] {
  const parts = diff.split(/^(?=diff --git )/mu).filter((part) => part !== "" && !/^diff --git \S+\.lock /u.test(part));
  return parts.length === 0 ? [] : [parts.join("").trimEnd(), ""];
}

function refusal({ step, message, next, diagnoses }: Extract<Refreshed["outcome"], { kind: "refused" }>): readonly string[] {
  const place = diagnoses[0]?.position;
  const at = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  return [`✗  ${step}: ${at}${message}`, `   ${next}`];
}

interface Ending {
  readonly refreshed: Refreshed;
  /** A person saw the table and answered. */
  readonly asked: boolean;
  readonly written: readonly string[];
  /** Something waits for a yes. */
  readonly waits: boolean;
  readonly check: boolean;
  readonly git: boolean;
}

export function endingText({ refreshed, asked, written, waits, check, git }: Ending): string {
  const { outcome, files, built, open, untracked } = refreshed;
  const proof = built.length > 0 ? ` ${built.join(", ")} ${built.length === 1 ? "builds" : "build"} with it.` : "";
  if (outcome.kind === "refused") return "Nothing was written.";
  if (outcome.kind === "in-step") return `Lock, hashes and toolchain are in step.${proof} Nothing to do.`;
  if (files.length === 0) return "Nothing was written: what is left is for a person.";
  if (check) return `Out of step: ${files.map(({ path }) => path).join(", ")}. To bring it in step: crq-agent refresh`;
  if (waits && asked) return "Nothing was written.";
  if (waits)
    return `${proof.trimStart()} Nothing was written. Read the table, then run it again with --yes (or on a terminal, where it asks).`;
  if (written.length === 0) return `${proof.trimStart()} Nothing was written (--dry-run).`;
  const fresh = files.filter(({ path, before }) => written.includes(path) && (before === undefined || untracked.includes(path)));
  const names = fresh.map(({ path }) => path).join(" ");
  const track = git && fresh.length > 0 ? ` Let git track ${names} (git add ${names}): a flake sees tracked files only.` : "";
  const left = open.length > 0 ? " Not everything is in step yet." : "";
  return `Written: ${written.join(", ")}.${proof}${track}${left}`;
}

/** For the journal. */
export function outcomeOf({ outcome }: Refreshed, exit: number): Outcome {
  switch (outcome.kind) {
    case "in-step":
      return { kind: "nothing-to-do", detail: "lock, hashes and toolchain are in step" };
    case "refused":
      if (outcome.why === "aborted") return { kind: "interrupted" };
      return { kind: outcome.why === "failed" ? "unmet" : "incomplete", detail: `${outcome.message}. ${outcome.next}` };
    case "planned":
      if (exit === 0) return { kind: "done" };
      return exit === 5
        ? { kind: "question", detail: "the changes wait for a yes" }
        : { kind: "unmet", detail: "not everything is in step" };
  }
}

/** In the shape of every verb's diagnostics. */
export function refreshDiagnostics({ outcome, open }: Refreshed): readonly unknown[] {
  const told = open.map(({ step, kind, message, next }) => ({
    severity: kind === "person" ? "error" : "warning",
    rule: `refresh/${step}`,
    message: `${message}. ${next}`,
    file: "flake.nix",
    line: 1,
    column: 1,
  }));
  if (outcome.kind !== "refused") return told;
  const position = outcome.diagnoses[0]?.position;
  const { step, message, next } = outcome;
  return [
    ...told,
    {
      severity: "error",
      rule: `refresh/${step}`,
      message: `${message}. ${next}`,
      file: position?.file ?? "flake.nix",
      line: position?.line ?? 1,
      column: position?.column ?? 1,
    },
  ];
}
