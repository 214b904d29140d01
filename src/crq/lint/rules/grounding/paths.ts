import { machinePaths } from "../../../../system/environment/machine-path.ts";
import type { CrqDocument } from "../../../parse/document.ts";
import { looksLikePath, repositoryPath } from "../../judge/paths.ts";
import { hits, type Span, spansOf } from "../../judge/spans.ts";
import { type Finding, type LintContext, levels, type Rule } from "../../rule.ts";

/** The store lies at one place everywhere; what is of one machine there is a path with a hash. */
const ORDINARY = /^(?:\/usr\/bin\/env$|\/nix\/store\/(?![0-9a-z]{32}-))/;

export const machinePath: Rule = {
  name: "grounding/machine-path",
  about: "an absolute or home path",
  explain:
    "A path of one machine means nothing on another and tells where its writer lives. Write it relative to the repository root, or give a URL.",
  levels: levels("W E E"),
  *check({ document }) {
    for (const { text, place } of hits(document, machinePaths(), ["prose", "code", "fence", "html", "link"])) {
      if (!ORDINARY.test(text))
        yield {
          place,
          message: `\`${text.replace(/[.,;:]+$/, "")}\` is a path of one machine; write it relative to the repository, or as a URL`,
        };
    }
  },
};

export const missingPath: Rule = {
  name: "grounding/missing-path",
  about: "a path that is not in the target at base and nowhere marked `(new)`",
  explain:
    "Either the path is misspelt, or the change makes the file: then say so once, in a paragraph or list item with `(new)`.",
  levels: levels("i W E"),
  needs: "exists",
  *check({ document, context }) {
    const exists = inTarget(document, context);
    if (exists === undefined) return;
    const spans = spansOf(document);
    const fresh = markedNew(spans);
    const seen = new Set<string>();
    for (const span of spans) {
      const path = repositoryPath(span.value);
      if (
        span.kind !== "code" ||
        span.section === "References" ||
        // The history says what was: where an import came from, what a file was called.
        span.section === "History" ||
        !looksLikePath(span.value) ||
        fresh.has(path) ||
        seen.has(path)
      )
        continue;
      seen.add(path);
      // Inside a folder that the change makes everything is new.
      if ([...fresh].some((folder) => path.startsWith(`${folder}/`))) continue;
      if (exists(path) === false)
        yield {
          place: span.place,
          message: `\`${path}\` is not in the target at base; correct it, or mark it \`(new)\` where it is introduced`,
        };
    }
  },
};

/** A path is meant from the root of the repository, or from the folder that `target.repo` names. */
function inTarget({ crq }: CrqDocument, { exists }: LintContext): LintContext["exists"] {
  const folder = repositoryPath(crq.metadata?.target?.repo ?? ".");
  if (exists === undefined || folder === "." || folder === "") return exists;
  return (path) => (exists(path) === false ? exists(`${folder}/${path}`) : true);
}

/** Paths of paragraphs and list items that carry the mark `(new)`. */
function markedNew(spans: readonly Span[]): ReadonlySet<string> {
  const blocks = new Set(
    spans.filter(({ kind, value }) => kind === "prose" && /\(new\)/i.test(value)).map(({ block }) => block.start),
  );
  return new Set(
    spans
      .filter(({ kind, value, block }) => kind === "code" && blocks.has(block.start) && looksLikePath(value))
      .map(({ value }) => repositoryPath(value)),
  );
}

export const deadReference: Rule = {
  name: "grounding/dead-reference",
  about: 'a reference that does not resolve, or is marked "(if found)"',
  explain: "A reference is there to be followed. Name a file of the repository or a URL that exists, or leave it out.",
  levels: levels("i W E"),
  *check({ document, context }) {
    const doubtful = /\((?:if found|if (?:it )?exists|if available|not found|missing)\)/gi;
    for (const { text, place, span } of hits(document, doubtful, ["prose"])) {
      // "(if available)" outside the references says when something is done.
      if (span.section === "References" || /found\)$/i.test(text))
        yield { place, message: `"${text}": find it, or leave the reference out` };
    }
    yield* deadFactIds(document);
    const exists = inTarget(document, context);
    if (exists === undefined) return;
    const references = document.sections.find(({ section }) => section.name === "References")?.section.body;
    for (const span of spansOf(document)) {
      const target =
        span.kind === "link"
          ? linkTarget(span.value)
          : span.kind === "code" && isIn(span, references) && looksLikePath(span.value)
            ? span.value
            : undefined;
      if (target === undefined) continue;
      const path = span.kind === "link" ? fromDocument(document.crq.path, target) : repositoryPath(target);
      if (path === undefined) yield { place: span.place, message: `the link \`${target}\` leads out of the repository` };
      else if (path !== "" && exists(path) === false)
        yield { place: span.place, message: `\`${path}\` is not in the target at base` };
    }
  },
};

/** `(F-3)` where the facts of the document know no F-3. */
function* deadFactIds(document: CrqDocument): Iterable<Finding> {
  if (document.facts.length === 0) return;
  const known = new Set(document.facts.map(({ fact }) => fact.id));
  const seen = new Set<string>();
  for (const { text, place, span } of hits(document, /(?<![\w-])F-[1-9]\d*(?![\w-])/g, ["prose"])) {
    if (known.has(text) || seen.has(text) || span.section === "History") continue;
    seen.add(text);
    yield { place, message: `${text} is cited, and no facts block has it; add the fact, or cite another` };
  }
}

function isIn(span: Span, range: { readonly start: number; readonly end: number } | undefined): boolean {
  return range !== undefined && span.start >= range.start && span.start < range.end;
}

/** The path of a relative link, without query and fragment; undefined for URLs, fragments and machine paths. */
function linkTarget(url: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/#~]|$)/i.test(url)) return undefined;
  const path = url.split(/[?#]/)[0] ?? "";
  try {
    return path === "" ? undefined : decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A link of a document as a path from the repository root; undefined when it leaves it. */
function fromDocument(document: string, target: string): string | undefined {
  const parts = document.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

export const pathRules: readonly Rule[] = [machinePath, missingPath, deadReference];
