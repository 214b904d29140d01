import { readdirSync, readFileSync } from "node:fs";
import { type DiagnoseContext, diagnose } from "../../../../src/nix/diagnose/diagnose.ts";
import type { DiagnosisKind } from "../../../../src/nix/diagnosis.ts";
import { EventReader } from "../../../../src/nix/events.ts";
import { readPlainMessages } from "../../../../src/nix/logs/plain-messages.ts";
import { type CorpusEntry, manifestSchema } from "./entries.ts";

/** What the diagnosis says of each recorded log, against what was planted. */

export const PARTS = ["open", "holdout"] as const;
export type Part = (typeof PARTS)[number];

export interface Judged {
  readonly entry: CorpusEntry;
  readonly said: DiagnosisKind;
  readonly right: boolean;
}

const fileOf = (part: Part, name: string): URL => new URL(`${part}/${name}`, import.meta.url);

/** The lists of all recordings, one file a seed. */
export function entriesOf(part: Part): readonly CorpusEntry[] {
  const lists = readdirSync(fileOf(part, ".")).filter((name) => name.endsWith(".json"));
  return lists.sort().flatMap((name) => manifestSchema.parse(JSON.parse(readFileSync(fileOf(part, name), "utf8"))));
}

export function judge(part: Part): readonly Judged[] {
  return entriesOf(part).map((entry) => {
    const said = diagnosisOf(part, entry);
    return { entry, said, right: said === entry.label };
  });
}

function diagnosisOf(part: Part, entry: CorpusEntry): DiagnosisKind {
  const bytes = readFileSync(fileOf(part, entry.file));
  const context: DiagnoseContext = { stage: "build", ownNames: entry.ownNames, requested: [], flakeRoots: ["/tmp/project"] };
  if (entry.format !== "internal-json") return diagnose(readPlainMessages(bytes.toString("utf8")), context).diagnoses[0].kind;
  const reader = new EventReader();
  reader.write(bytes);
  return diagnose(reader.end(), context).diagnoses[0].kind;
}

export const share = (judged: readonly Judged[]): number =>
  judged.length === 0 ? 0 : judged.filter(({ right }) => right).length / judged.length;

/** Planted class against what was said, the wrong ones only: `planted -> said: count`. */
export function confusions(judged: readonly Judged[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { entry, said, right } of judged) {
    if (right) continue;
    const key = `${entry.label} -> ${said}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `${key}: ${count}`);
}
