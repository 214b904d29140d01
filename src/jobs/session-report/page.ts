import type { Event } from "../../agent/events.ts";
import type { CrqReport } from "../../crq/criteria/report/evidence.ts";
import { parseCrq } from "../../crq/parse.ts";
import { element, type Markup } from "../../ui/html/markup.ts";
import { htmlPage } from "../../ui/html/page.ts";
import { figure } from "../../ui/html/table.ts";
import { duration } from "../../ui/text.ts";
import { crqOf } from "./crq-of.ts";
import { Excerpts } from "./excerpts.ts";
import { markdownHtml } from "./markdown.ts";
import { acceptanceSection, definitions, type ReadLog } from "./sections/acceptance.ts";
import { diagnosesSection } from "./sections/diagnoses.ts";
import { type Ending, endingOf, endingSection } from "./sections/ending.ts";
import { mechanicsSection } from "./sections/mechanics.ts";
import { proposalsSection } from "./sections/proposals.ts";
import { timelineSection } from "./sections/timeline.ts";
import { costFigure, dollars, type Spent, spentByTurn, tokensFigure } from "./sections/usage.ts";
import { SESSION_STYLE } from "./style.ts";
import { type Summary, summaryOf } from "./summary.ts";
import { type SessionView, viewOf } from "./view.ts";

/** A session as it lies on the disk. */
export interface RecordedSession {
  /** Of the journal, the header first. */
  readonly events: readonly Event[];
  /** Whether a living process still writes it. */
  readonly running: boolean;
  /** Of its last acceptance; undefined: there is none that can be read. */
  readonly report: CrqReport | undefined;
  readonly readLog: ReadLog;
  /** What should be known of the reading: a torn last line, a damaged report. */
  readonly notes: readonly string[];
}

/**
 * One HTML file about a session: how it ended and what to do next, then the proof, the change, what went wrong on the way, and every turn.
 * It holds no script, asks for nothing, and shows whatever a repository, a log or a model wrote as text.
 */
export function sessionPage(session: RecordedSession): string {
  const { events, report, readLog } = session;
  const state = summaryOf(events);
  const view = viewOf(events);
  const spent = spentByTurn(view.turns);
  const excerpts = new Excerpts();
  const document = crqOf(state.header, view);
  const ending = endingOf({
    id: state.header.id,
    verb: state.header.verb,
    outcome: state.outcome,
    running: session.running,
    crq: report?.crq.id ?? (document && idOf(document)),
    handOver: handOverOf(events),
  });
  const title = titleOf(session, document);
  const parts: readonly Part[] = [
    { id: "ending", name: "What next", markup: endingSection(ending) },
    { id: "acceptance", name: "Acceptance", markup: report && acceptanceSection(report, readLog, excerpts) },
    { id: "proposals", name: "Proposals", markup: proposalsSection(view.proposals, excerpts) },
    { id: "diagnoses", name: "Nix diagnoses", markup: diagnosesSection(view.turns, excerpts) },
    { id: "mechanics", name: "Mechanics", markup: mechanicsSection(view, excerpts) },
    { id: "tokens", name: "Tokens", markup: figure(tokensFigure(spent)) },
    { id: "cost", name: "Cost", markup: figure(costFigure(spent)) },
    { id: "request", name: "Change request", markup: document === undefined ? undefined : documentSection(document) },
    { id: "timeline", name: "Timeline", markup: timelineSection(view, excerpts) },
  ];
  const shown = parts.filter(({ markup }) => markup !== undefined);
  const body = element(
    "body",
    {},
    element("a", { class: "skip", href: `#${shown[0]?.id ?? "timeline"}` }, "To the first section"),
    element(
      "header",
      {},
      element("h1", {}, excerpts.line(title, 300)),
      element("p", { class: `result ${ending.tone}` }, excerpts.line(resultOf(ending, report), 600)),
      ...session.notes.map((note) => element("p", { class: "watermark" }, note)),
      factsOf(state, view, spent),
    ),
    element(
      "nav",
      { "aria-label": "Sections" },
      element("ul", {}, ...shown.map(({ id, name }) => element("li", {}, element("a", { href: `#${id}` }, name)))),
    ),
    element("main", {}, ...shown.map(({ markup }) => markup)),
  );
  return htmlPage({ title: excerpts.line(title, 300), style: SESSION_STYLE, body });
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly markup: Markup | undefined;
}

function resultOf(ending: Ending, report: CrqReport | undefined): string {
  const proof = report === undefined ? "" : ` ${report.totals.pass} of ${report.totals.criteria} criteria pass.`;
  return `${ending.sentence}${proof}`;
}

function titleOf({ events, report }: RecordedSession, document: string | undefined): string {
  const [header] = events;
  const what = report ? `${report.crq.id}: ${report.crq.title}` : document && parseCrq("document.md", document).title?.text;
  const verb = header?.type === "session" ? header.verb : "session";
  return what === undefined || what === "" ? `Session of ${verb}` : `${verb}: ${what}`;
}

const idOf = (document: string): string | undefined => parseCrq("document.md", document).metadata?.id;

function factsOf({ header, startedAt, lastAt, resumes, builds }: Summary, view: SessionView, spent: readonly Spent[]): Markup {
  const last = spent.at(-1);
  return definitions([
    ["Session", element("code", {}, header.id)],
    ["Verb and model", `${header.verb}, ${header.model} (${header.agent})`],
    ["Began", `${new Date(startedAt).toISOString().slice(0, 19).replace("T", " ")} UTC`],
    ["Took", `${duration(lastAt - startedAt)}${resumes > 0 ? `, resumed ${resumes} times` : ""}`],
    ["Work", `${view.turns.length} turns, ${builds} builds, ${view.proposals.length} proposals`],
    ["Cost", last === undefined ? "$0, no model was asked" : dollars(last.usd)],
  ]);
}

const documentSection = (document: string): Markup =>
  element(
    "section",
    { id: "request", "aria-labelledby": "request-title" },
    element("h2", { id: "request-title" }, "Change request"),
    element(
      "details",
      {},
      element("summary", {}, "The document as this session had it"),
      element("div", { class: "document" }, markdownHtml(document, 2)),
    ),
  );

function handOverOf(
  events: readonly Event[],
): { readonly form: string; readonly branch?: string; readonly path?: string } | undefined {
  const last = events.at(-1);
  const given = last?.type === "outcome" ? last.detail?.handOver : undefined;
  if (typeof given !== "object" || given === null || !("form" in given) || typeof given.form !== "string") return undefined;
  return {
    form: given.form,
    ...("branch" in given && typeof given.branch === "string" && { branch: given.branch }),
    ...("path" in given && typeof given.path === "string" && { path: given.path }),
  };
}
