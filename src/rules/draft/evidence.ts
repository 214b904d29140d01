import { type Contradiction, reasonOf } from "../../crq/facts/contradictions.ts";
import type { Fact } from "../../crq/model.ts";
import { corrected } from "../../repo/documents/wrong-commands.ts";
import type { DocumentFact } from "../../repo/facts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { joined } from "./subject.ts";

/** Which facts a draft cites, what it asks, and what it notes: the same for every kind of request. */

export interface AskedQuestion {
  readonly text: string;
  /** A person at the terminal has answered already. */
  readonly answer?: string;
}

export interface Evidence {
  readonly facts: readonly Fact[];
  readonly questions: readonly AskedQuestion[];
  /** Lines of section 10, each with its opening word. */
  readonly clarifications: readonly string[];
}

export type Cited = Omit<Fact, "id">;

export interface EvidenceContext {
  readonly details: SurveyDetails;
  /** Sources and quotes that the linter did not find: `SOURCE\0QUOTE`. */
  readonly refused: ReadonlySet<string>;
  /** Facts that the draft rests on, as it cites them. */
  readonly own: readonly Cited[];
  /** Whether a fact supports what the draft says. */
  readonly supports: (fact: DocumentFact) => boolean;
  /** Sections and criteria that rest on a fact. */
  readonly usedIn: (fact: DocumentFact) => readonly string[];
  /** Who decides a contradiction already (`the task`); `untouched`: this change is about something else; undefined: a person is asked. */
  readonly decided: (found: Contradiction<DocumentFact>) => string | undefined;
  /** What was asked on the terminal, by the question as it was put. */
  readonly answers: readonly Answered[];
  /** ISO date of the draft. */
  readonly date: string;
  readonly questions: readonly string[];
  readonly assumptions: readonly string[];
  /** Names of checks that documents may take for packages. */
  readonly checks?: readonly string[];
}

export interface Answered {
  readonly question: string;
  readonly answer: string;
}

/** A contradiction as it is put to a person, with the answers to choose from; equal for equal contradictions. */
export function shortQuestion(found: Contradiction<DocumentFact>): {
  readonly question: string;
  readonly choices: readonly string[];
} {
  const says = found.sides.map((side) => `${side.source}:${side.line} says ${side.value ?? side.claim}`).join("; ");
  const choices = found.about === "value" ? found.sides.flatMap(({ value }) => value ?? []) : [];
  return { question: `Which holds for ${found.key}? ${says}.`, choices };
}

export const UNTOUCHED = "untouched";

/** Supporting facts beyond this many would bury the others; both sides of a question are always cited. */
const MAX_SUPPORTING = 24;
/** Corrections that are listed one by one. */
const MAX_CORRECTIONS = 8;

/** What is not committed cannot be looked up. */
const isCitable = (fact: DocumentFact): boolean => fact.line > 0;

export function gatherEvidence(context: EvidenceContext): Evidence {
  const { details, refused } = context;
  const open = details.contradictions.filter((found) => context.decided(found) === undefined);
  const sides = open.flatMap((found) => found.sides).filter(isCitable);
  const asked = new Set(sides.map(({ key }) => key));
  const supporting = [...details.facts, ...details.repositoryFacts].filter(
    (fact) => isCitable(fact) && !asked.has(fact.key) && context.supports(fact),
  );
  const asCited = ({ claim, source, sha256, quote, key, value, ...fact }: DocumentFact): Cited => ({
    claim,
    source,
    sha256,
    quote,
    ...(key !== undefined && { key }),
    ...(value !== undefined && { value }),
    usedIn: context.usedIn({
      claim,
      source,
      sha256,
      quote,
      ...fact,
      ...(key !== undefined && { key }),
      ...(value !== undefined && { value }),
    }),
  });
  const cited = unique([...context.own, ...sides.map(asCited), ...supporting.slice(0, MAX_SUPPORTING).map(asCited)]).filter(
    (fact) => !refused.has(`${fact.source}\0${fact.quote}`),
  );
  const facts = cited.map((fact, index): Fact => ({ id: `F-${index + 1}`, ...fact }));
  const nameOf = (side: DocumentFact): string => {
    const id = facts.find((fact) => fact.source === side.source && fact.key === side.key && fact.value === side.value)?.id;
    return id === undefined ? placeOf(side) : `${id} (${placeOf(side)})`;
  };
  return {
    facts,
    questions: [
      ...open.map((found): AskedQuestion => {
        const answer = context.answers.find(({ question }) => question === shortQuestion(found).question)?.answer;
        return { text: askAbout(found, nameOf), ...(answer !== undefined && { answer }) };
      }),
      ...context.questions.map((text): AskedQuestion => ({ text })),
    ],
    clarifications: [
      ...context.answers.map(({ question, answer }) => `${context.date}: ${question} Answer: ${answer}`),
      ...context.assumptions.map((line) => `Assumed: ${line}`),
      ...settled(context).map((line) => `Assumed: ${line}`),
      ...corrections(details.facts, context.checks ?? []).map((line) => `Corrected: ${line}`),
    ],
  };
}

const placeOf = ({ source, line }: DocumentFact): string => (line > 0 ? `\`${source}\`, line ${line}` : source);

function askAbout(found: Contradiction<DocumentFact>, nameOf: (side: DocumentFact) => string): string {
  const [first, second] = found.sides;
  switch (found.about) {
    case "value": {
      const sides = found.sides.map((side) => `${nameOf(side)} says \`${side.value}\``);
      return `The sources disagree about \`${found.key}\`: ${sides.join(", ")}. Which of them holds?`;
    }
    case "local-input":
      return `${nameOf(first)} says that ${first.claim}, and ${nameOf(second)} takes \`${found.key}\` from a local path. Which of them holds, and where does the input come from if the rule does?`;
    case "other-host":
    case "policy":
      return `${nameOf(first)} says that ${first.claim}, and ${nameOf(second)} takes \`${found.key}\` from ${second.value}. Which of them holds, and where does the input come from if the rule does?`;
    default:
      return `${nameOf(first)} says that ${first.claim}; ${nameOf(second)} says that ${second.claim}. Both cannot hold: ${reasonOf(found.about)}. Which of them does?`;
  }
}

function unique(facts: readonly Cited[]): readonly Cited[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const identity = [fact.source, fact.key, fact.value, fact.claim].join("\0");
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** What a stronger word settled, or what this change does not touch, is said, so that a person can object. */
function settled({ details, decided }: EvidenceContext): readonly string[] {
  return details.contradictions.flatMap((found) => {
    const by = decided(found);
    const places = [...new Set(found.sides.map(placeOf))].join(" and ");
    if (by === undefined) return [];
    return by === UNTOUCHED
      ? [`${places} contradict each other about \`${found.key}\`, which this change does not touch.`]
      : [`${places} contradict each other about \`${found.key}\`, and ${by} decides.`];
  });
}

/** Commands of the documents that Nix refuses or has renamed; plain words, so that nobody copies them from here. */
function corrections(all: readonly DocumentFact[], checks: readonly string[]): readonly string[] {
  const facts = all.map((fact): DocumentFact => {
    const value =
      fact.key?.startsWith("command:") && fact.value !== undefined ? corrected(fact.value, "SYSTEM", checks) : undefined;
    return value === undefined || /\s--impure\b/.test(fact.value ?? "") ? fact : { ...fact, value };
  });
  const wrong = facts.filter(
    ({ key, value }) =>
      (key?.startsWith("command:") && value !== undefined && key !== `command:${value}`) || key?.startsWith("wrong."),
  );
  const byForm = new Map<string, DocumentFact[]>();
  for (const fact of wrong) {
    const form = `${fact.source}\0${fact.value}`;
    byForm.set(form, [...(byForm.get(form) ?? []), fact]);
  }
  const found = [...byForm.values()].flatMap(([first, ...same]) => {
    if (!first) return [];
    const lines = [first, ...same].map(({ line }) => String(line));
    const where = `\`${first.source}\`, ${lines.length === 1 ? "line" : "lines"} ${joined(lines)}`;
    if (first.key === "wrong.run") return [`${where}, says that programs run without being built; \`nix run\` builds first.`];
    return [`${where}, shows ${faultOf(first.key)}; the form \`${first.value}\` is meant.`];
  });
  const more = found.length - MAX_CORRECTIONS;
  return more > 0 ? [...found.slice(0, MAX_CORRECTIONS), `${more} more commands of the documents have such faults.`] : found;
}

function faultOf(key: string | undefined): string {
  if (key === "wrong.impure") return "a command that needlessly reads the machine";
  return key?.includes("--update-input") ? "an old command" : "a command that Nix refuses";
}

/** Lines about what was not read, for section 10. */
export function unread({ survey, leftOut }: SurveyDetails): readonly string[] {
  return [
    ...(survey.uncommitted.length > 0 ? [uncommitted(survey.uncommitted)] : []),
    ...survey.warnings
      .filter((warning) => warning.startsWith("several Cargo projects"))
      .map((warning) => `${upperFirst(warning)}.`),
    ...(unreadDocuments(leftOut) > 0 ? ["Not every document was read for this draft; its session says which and why."] : []),
  ];
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Pictures and the like beside the documents are worth a note to the person and no line in the CRQ. */
const unreadDocuments = (leftOut: readonly string[]): number =>
  leftOut.filter((reason) => !reason.endsWith("which is no document that is read")).length;

/** Counted, not named: a file's name is no prose (`TODO`), and as a path it would have to exist at the base. */
const uncommitted = (paths: readonly string[]): string =>
  `${paths.length === 1 ? "One file of the checkout is" : `${paths.length} files of the checkout are`} not committed and no part of this change.`;
