import { renderFlake } from "../../nix/recipes/flake-file.ts";
import { checksOnly, GUIDE_HEADING, type GuideFacts, guideSection, withGuide } from "../../nix/recipes/guide/guide-section.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import { readmeSection, withSection } from "../../nix/recipes/readme-section.ts";
import { corrected } from "../../repo/documents/wrong-commands.ts";
import type { IgnoredFile, Survey } from "../../repo/facts.ts";
import { programAnswers } from "../plan/project-shape.ts";
import type { Requirements, WantedDocument } from "../plan/requirements.ts";

/** The files that carry a plan, each with its whole new content. */

export type FileTexts = ReadonlyMap<string, string>;

/**
 * @param flake text of flake.nix: rendered from the plan, or an existing one with repairs
 * @param system of this machine
 */
export function desiredFiles(
  survey: Survey,
  plan: FlakePlan,
  requirements: Requirements,
  { flake, system }: { readonly flake: string; readonly system: string },
): FileTexts {
  const files = new Map<string, string>([["flake.nix", flake]]);
  for (const [path, text] of unignored(survey.ignored)) files.set(path, text);
  for (const wanted of requirements.docs) {
    if (/[*?[{]/.test(wanted.file)) continue;
    const before = files.get(wanted.file) ?? existingText(survey, wanted.file);
    if (before === undefined) continue;
    const text = wanted.runs
      ? guided(before, plan, wanted, { system, answers: programAnswers(survey) })
      : documented(before, plan, wanted);
    files.set(wanted.file, text);
  }
  return files;
}

export const renderedFlake = (plan: FlakePlan): string => renderFlake(plan);

/** Text of a document that may be edited: the README, the guide, or a file that does not exist yet; other files are not known here. */
export function existingText(survey: Survey, path: string): string | undefined {
  if (survey.readme?.path === path) return survey.readme.text;
  if (survey.guide?.path === path) return survey.guide.text;
  return survey.files.includes(path) ? undefined : "";
}

/** Documents that the criteria want changed and this planner cannot read. */
export function unknownDocuments(survey: Survey, requirements: Requirements): readonly string[] {
  return requirements.docs
    .map((wanted) => wanted.file)
    .filter((file) => /[*?[{]/.test(file) || existingText(survey, file) === undefined);
}

function documented(before: string, plan: FlakePlan, wanted: WantedDocument): string {
  const [heading = "Nix", ...others] = wanted.headings;
  const first = withSection(before, heading, (line) => readmeSection(plan, line, wanted.mentions));
  return others.reduce((text, other) => withSection(text, other, (line) => `${line}\n\nSee "${heading}".\n`), first);
}

/** What stood there keeps its place, with the right forms of its commands. */
function guided(before: string, plan: FlakePlan, wanted: WantedDocument, facts: GuideFacts): string {
  const [heading = GUIDE_HEADING] = wanted.headings;
  return withGuide(corrected(before, facts.system, checksOnly(plan)), heading, (line) => guideSection(plan, facts, line));
}

/**
 * Ignore files without the rules that keep needed files out: a rule for this very file is taken out, a wider one gets an exception behind
 * it.
 */
export function unignored(ignored: readonly IgnoredFile[]): FileTexts {
  const texts = new Map<string, string>();
  for (const { path, by } of ignored) {
    const before = texts.get(by.file) ?? by.text;
    const newline = before.includes("\r\n") ? "\r\n" : "\n";
    const lines = before.split(/\r?\n/);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const exact = lines.filter((line) => [name, `/${name}`, `/${path}`, path].includes(line.trim()));
    const kept = exact.length > 0 ? lines.filter((line) => !exact.includes(line)) : withException(lines, `!/${path}`);
    texts.set(by.file, kept.join(newline));
  }
  return texts;
}

function withException(lines: readonly string[], exception: string): readonly string[] {
  const body = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return [...body, exception, ""];
}
