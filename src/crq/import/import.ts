import { isDeepStrictEqual } from "node:util";
import { fileNameOf, readFileName, slugOf } from "../ids.ts";
import { lintDocument } from "../lint/lint.ts";
import type { CrqDiagnostic } from "../model.ts";
import { type CrqDocument, readDocument } from "../parse/document.ts";
import { MAX_CRQ_BYTES } from "../parse.ts";
import { type Family, familyOf } from "./read/family.ts";
import { readOutline } from "./read/outline.ts";
import { documentFields, type Particulars, readParticulars } from "./read/particulars.ts";
import { lostLines } from "./round-trip.ts";
import { type Body, writeBody } from "./write/body.ts";
import { type Composed, compose, type Provenance } from "./write/compose.ts";
import type { ImportedCriterion } from "./write/criteria.ts";

/** What the importer is told; it reads and writes nothing itself. */
export interface ImportInput {
  readonly source: string;
  /** As recorded in the import and shown in diagnostics. */
  readonly path: string;
  /** Of the file's bytes, hex. */
  readonly sha256: string;
  /** Who has a number already; undefined: it is free. */
  readonly takenBy: (id: string) => string | undefined;
  /** ISO date of the import. */
  readonly today: string;
  /** Author of documents that name none: `agent:crq-agent@VERSION/import`. */
  readonly author: string;
  /** Commit that the change starts from; without one no kind is guessed that needs it. */
  readonly base: string | undefined;
  readonly systems: readonly string[];
}

export type ImportResult =
  | {
      readonly kind: "imported";
      readonly text: string;
      readonly id: string;
      readonly title: string;
      /** `CRQ-NNN-slug.md`. */
      readonly fileName: string;
      readonly family: Family;
      readonly criteria: readonly ImportedCriterion[];
      /** Source lines that changed their form and stand in section 12. */
      readonly keptLines: number;
      readonly diagnostics: readonly CrqDiagnostic[];
    }
  /** The document is of this format already. */
  | {
      readonly kind: "copied";
      readonly text: string;
      readonly id: string;
      readonly title: string;
      readonly fileName: string;
      readonly diagnostics: readonly CrqDiagnostic[];
    }
  | { readonly kind: "refused"; readonly diagnostics: readonly CrqDiagnostic[] };

/**
 * Turns a foreign document into a CRQ. Never throws on any text. Every line of the source that is not blank is in the result, which is read
 * back before it is given: it has exactly the metadata, sections and criteria that were meant, no check that could run, no approval, and no
 * error of the import profile. Where the text resists, all of it goes into section 12; where even that fails the document is refused.
 */
export function importDocument(input: ImportInput): ImportResult {
  const { source, path } = input;
  const say = (severity: CrqDiagnostic["severity"], rule: string, message: string): CrqDiagnostic => ({
    severity,
    rule,
    message,
    file: path,
    line: 1,
    column: 1,
  });
  if (source.replace(/^\uFEFF/, "").trim() === "")
    return { kind: "refused", diagnostics: [say("error", "import/empty", "the file holds no text; there is nothing to import")] };
  const document = readDocument(path, source);
  const unreadable = document.crq.problems.find(({ rule }) => rule === "structure/unreadable");
  if (unreadable !== undefined) return { kind: "refused", diagnostics: [unreadable] };
  const own = ownSchema(document);
  if (own !== undefined)
    return own === "crq/1" ? copyDocument(document, input) : { kind: "refused", diagnostics: [newer(document, own)] };

  const outline = readOutline(source);
  const fields = documentFields(outline);
  const particulars = readParticulars(outline, fields, path);
  const taken = particulars.id === undefined ? undefined : input.takenBy(particulars.id);
  const id = taken === undefined ? (particulars.id ?? "CRQ-XXX") : "CRQ-XXX";
  const family = familyOf(outline, fields);
  const provenance: Provenance = { ...input, id, family, particulars };
  const messages = [...idMessages(particulars, id, taken)].map((message) => say("warning", "import/number", message));
  const attempts = [() => writeBody(outline, fields, isRust(source)), () => EMPTY_BODY];
  let why = "";
  for (const [index, attempt] of attempts.entries()) {
    const body = attempt();
    const composed = compose(outline, body, provenance);
    const doubt = doubtsOf(composed, body, input);
    if (doubt !== undefined) {
      why = doubt;
      continue;
    }
    const notes = body.criteria.flatMap(({ id: ac, note }) =>
      note === undefined ? [] : [say("info", "import/suggestion", `${ac}: ${note}`)],
    );
    const whole =
      index === 0
        ? []
        : [say("warning", "import/whole", `the text resists being taken apart (${why}); all of it stands in section 12`)];
    return {
      kind: "imported",
      text: composed.text,
      id,
      title: composed.metadata.title,
      fileName: fileNameOf(id, slugOf(composed.metadata.title)),
      family,
      criteria: body.criteria,
      keptLines: composed.kept,
      diagnostics: [...messages, ...whole, ...notes],
    };
  }
  return { kind: "refused", diagnostics: [say("error", "import/not-faithful", `no faithful import can be written: ${why}`)] };
}

const EMPTY_BODY: Body = { sections: new Map(), moved: new Set(), criteria: [] };

/** Why a composed import must not be written; undefined: it is what it was meant to be, and nothing of the source is missing. */
function doubtsOf(composed: Composed, body: Body, { source, path }: ImportInput): string | undefined {
  const bytes = Buffer.byteLength(composed.text, "utf8");
  if (bytes > MAX_CRQ_BYTES) return `it would have ${bytes} bytes, more than the ${MAX_CRQ_BYTES} a CRQ may have`;
  const [lost] = lostLines(source, composed.text);
  if (lost !== undefined) return `line ${lost.line} would be lost`;
  const read = readDocument(path, composed.text);
  const { crq } = read;
  const [problem] = crq.problems;
  if (problem !== undefined) return `line ${problem.line} of it: ${problem.message}`;
  if (!isDeepStrictEqual(crq.metadata, composed.metadata)) return "its metadata would read differently";
  if (
    !isDeepStrictEqual(
      crq.sections.map(({ name }) => name),
      composed.sections,
    )
  )
    return "its sections would read differently";
  const criteria = crq.criteria.map(({ id, checks, withdrawn }) => ({
    id,
    kinds: checks.map(({ kind }) => kind),
    runs: checks.some(({ suggested }) => !suggested),
    withdrawn,
  }));
  const meant = body.criteria.map(({ id, kinds }) => ({ id, kinds, runs: false, withdrawn: undefined }));
  if (!isDeepStrictEqual(criteria, meant)) return "its criteria would read differently";
  if (crq.facts.length > 0) return "it would hold facts that nobody checked";
  const error = lintDocument(read, "import").find(({ severity }) => severity === "error");
  return error === undefined ? undefined : `line ${error.line} of it: ${error.rule}: ${error.message}`;
}

/** The schema that a metadata block in its place names; undefined for documents without one. */
function ownSchema({ root, h1, metadataBlock }: CrqDocument): string | undefined {
  const schema = metadataBlock?.data?.schema;
  if (h1 === undefined || metadataBlock?.node !== root.children[root.children.indexOf(h1) + 1]) return undefined;
  return typeof schema === "string" && /^crq\/\d{1,9}$/.test(schema) ? schema : undefined;
}

function newer({ crq, metadataBlock }: CrqDocument, schema: string): CrqDiagnostic {
  const place = metadataBlock?.placeOf(["schema"]) ?? { line: 1, column: 1 };
  const message = `schema ${schema} needs a newer crq-agent; the file is left untouched`;
  return { severity: "error", rule: "meta/invalid-block", message, file: crq.path, ...place };
}

/** A document of the format goes over byte for byte, unless it brings an approval that nobody gave here. */
function copyDocument({ crq, metadataBlock: block }: CrqDocument, input: ImportInput): ImportResult {
  const data = block?.data ?? {};
  const refuse = (rule: string, key: string, message: string): ImportResult => {
    const place = block?.placeOf([key]) ?? { line: 1, column: 1 };
    return { kind: "refused", diagnostics: [{ severity: "error", rule, message, file: crq.path, ...place }] };
  };
  const given = ["approval", "evidence", "waiver"].find((key) => data[key] !== undefined);
  const state = data.status === "approved" || data.status === "closed" ? "status" : undefined;
  const foreign = given ?? state;
  if (foreign !== undefined)
    return refuse(
      "import/approval",
      foreign,
      `the document brings ${foreign === "status" ? `the state "${String(data.status)}"` : `\`${foreign}\``}, which only people and runs of this repository can give; set it back to "proposed" without it, then import it`,
    );
  const name = crq.path.split("/").at(-1) ?? crq.path;
  const id = crq.metadata?.id ?? crq.title?.id ?? readFileName(name)?.id ?? "CRQ-XXX";
  const taken = id === "CRQ-XXX" ? undefined : input.takenBy(id);
  if (taken !== undefined)
    return refuse("id/duplicate", "id", `${id} is the id of ${taken}; give one of them another number, then import it`);
  const title = crq.metadata?.title ?? crq.title?.text ?? "";
  const standard = readFileName(name)?.form === "standard" && readFileName(name)?.id === id;
  return {
    kind: "copied",
    text: crq.source,
    id,
    title,
    fileName: standard ? name : fileNameOf(id, slugOf(title)),
    diagnostics: [],
  };
}

function* idMessages({ id, idProblem }: Particulars, given: string, taken: string | undefined): Iterable<string> {
  const then = "imported as CRQ-XXX; `crq-agent index --renumber FILE` gives it a number";
  if (taken !== undefined) yield `${id} is the id of ${taken}; ${then}`;
  else if (given === "CRQ-XXX") yield `${idProblem ?? "the document has no number"}; ${then}`;
}

function isRust(source: string): boolean {
  return /\b(?:rust|cargo|rustc|crates?)\b/i.test(source);
}
