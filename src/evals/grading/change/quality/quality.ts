import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cleanText } from "../../../../nix/logs/clean-text.ts";
import type { ChangeSubject } from "../subject.ts";
import { changedFiles } from "./changed-files.ts";
import { documents } from "./documents.ts";
import type { QualityMeasure, Seen } from "./measure.ts";
import { meta } from "./meta.ts";
import { readme } from "./readme.ts";
import { shell } from "./shell.ts";

const MEASURES: readonly QualityMeasure[] = [changedFiles, meta, readme, documents, shell];

/** The share of the measures that apply in which the change is good; undefined where none applies. Asked of changes that build. */
export async function qualityOf(subject: ChangeSubject, logs: string): Promise<number | undefined> {
  const looked: (readonly [string, Seen | undefined])[] = [];
  for (const measure of MEASURES) looked.push([measure.name, await measure.look(subject)]);
  const lines = looked.map(([name, one]) =>
    one === undefined ? `${name}: does not apply` : `${name}: ${one.good ? "good" : "not good"}: ${one.detail}`,
  );
  await writeFile(join(logs, "quality.txt"), `${cleanText(lines.join("\n"))}\n`);
  return shareOfGood(looked.flatMap(([, one]) => (one === undefined ? [] : [one])));
}

export const shareOfGood = (applying: readonly Pick<Seen, "good">[]): number | undefined =>
  applying.length === 0 ? undefined : applying.filter(({ good }) => good).length / applying.length;
