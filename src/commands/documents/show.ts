import { join, resolve } from "node:path";
import { plainText } from "../../agent/plain-text.ts";
import { didYouMean } from "../../agent/text/nearest.ts";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import type { Criterion, Crq, Section } from "../../crq/model.ts";
import { readHistory } from "../../crq/parse/sections/history.ts";
import { type CrqStatus, statusOf } from "../../jobs/status.ts";
import { traceCriterion } from "../../jobs/trace/criterion.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { repositoryKey } from "../../session/store.ts";
import { entryFor } from "../catalogue/find-crq.ts";
import { showFindings } from "../catalogue/lists.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { sessionsRoot } from "../wiring/open-session.ts";
import { criterionText, documentText } from "./text/crq-text.ts";
import { criterionTraceText } from "./text/trace-text.ts";
import { trace } from "./trace.ts";

export interface ShowOptions extends OutputOptions {
  readonly repo: string;
  readonly section?: string;
  readonly criterion?: string;
  readonly trace?: string;
}

/** `crq-agent show CRQ`: one document or a part of it, with what its runs say. Writes nothing. */
export const show: Verb<[string | undefined, ShowOptions]> = async (context, ui, argument, options) => {
  if (options.trace !== undefined) return trace(context, ui, argument, { ...options, trace: options.trace });
  if (argument === undefined)
    throw new CommandError("missing-argument", "which CRQ? Give an id, a number or a path; --trace goes without one");
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const entry = await entryFor(argument, context.cwd, root, config.crqs, catalogue);
  const { crq } = entry;
  const part = partOf(crq, options);
  const { crqs, problems } = await statusOf(
    { root, catalogue, sessions: join(sessionsRoot(context), repositoryKey(root)), now: context.now() },
    [entry],
  );
  const [status] = crqs;
  if (status === undefined) throw new CommandError("unknown-crq", `${argument}: is no CRQ`);
  showFindings(ui, problems);
  const traced =
    part.kind === "criterion"
      ? await traceCriterion({ root, git, catalogue }, entry, part.criterion.id, status.report)
      : undefined;
  ui.result({
    text: [textOf(crq, status, part), ...(traced ? [criterionTraceText(traced)] : [])].join("\n"),
    json: {
      schema: "crq-agent/show/1",
      ok: true,
      exit: 0,
      data: { ...dataOf(crq, status, part), ...(traced && { trace: traced }) },
      diagnostics: problems,
    },
  });
  return 0;
};

type Part =
  | { readonly kind: "document" }
  | { readonly kind: "sections"; readonly sections: readonly Section[] }
  | { readonly kind: "criterion"; readonly criterion: Criterion };

function partOf(crq: Crq, { section, criterion }: ShowOptions): Part {
  if (criterion !== undefined) {
    const id = `AC-${criterion.replace(/^AC-/iu, "")}`;
    const found = crq.criteria.find((candidate) => candidate.id === id);
    if (found === undefined)
      throw new CommandError(
        "unknown-criterion",
        `--criterion ${criterion}: ${crq.path} has ${crq.criteria.map((known) => known.id).join(", ") || "no criterion"}${didYouMean(
          id,
          crq.criteria.map((known) => known.id),
        )}`,
      );
    return { kind: "criterion", criterion: found };
  }
  if (section === undefined) return { kind: "document" };
  const wanted = section.trim().toLowerCase();
  const sections = crq.sections.filter(
    ({ number, name, heading }) =>
      String(number) === wanted.replace(/\.$/u, "") || name?.toLowerCase() === wanted || heading.toLowerCase() === wanted,
  );
  if (sections.length === 0)
    throw new CommandError(
      "unknown-section",
      `--section ${section}: ${crq.path} has ${crq.sections.map(({ heading }) => heading).join(", ") || "no section"}${didYouMean(
        wanted,
        crq.sections.flatMap(({ name, heading }) => name ?? heading),
      )}`,
    );
  return { kind: "sections", sections };
}

function textOf(crq: Crq, status: CrqStatus, part: Part): string {
  switch (part.kind) {
    case "document":
      return documentText(crq, status);
    case "sections":
      return plainText(part.sections.map((section) => `${section.heading}\n\n${bodyOf(crq, section).trim()}\n`).join("\n"));
    case "criterion":
      return criterionText(part.criterion, status);
  }
}

const bodyOf = (crq: Crq, { body }: Section): string => crq.source.slice(body.start, body.end);

function dataOf(crq: Crq, status: CrqStatus, part: Part) {
  const section = (one: Section) => ({
    name: one.name ?? null,
    heading: one.heading,
    number: one.number ?? null,
    line: one.place.line,
    text: bodyOf(crq, one),
  });
  const verdicts = new Map(status.criteria.verdicts.map((verdict) => [verdict.id, verdict]));
  const criterion = ({ id, text, place, withdrawn, need, checks }: Criterion) => ({
    id,
    text,
    line: place.line,
    withdrawn: withdrawn ?? null,
    need,
    checks,
    verdict: verdicts.get(id)?.verdict ?? null,
    reason: verdicts.get(id)?.reason ?? null,
  });
  switch (part.kind) {
    case "sections":
      return { status, sections: part.sections.map(section) };
    case "criterion":
      return { status, criterion: criterion(part.criterion) };
    case "document":
      return {
        status,
        metadata: crq.metadata ?? null,
        sections: crq.sections.map(section),
        criteria: crq.criteria.map(criterion),
        steps: crq.steps,
        questions: crq.questions,
        facts: crq.facts,
        history: readHistory(crq),
      };
  }
}
