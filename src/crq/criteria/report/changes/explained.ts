import picomatch from "picomatch";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visit } from "unist-util-visit";
import type { Check } from "../../../checks.ts";
import type { Criterion, Crq } from "../../../model.ts";
import { KINDS } from "../../kinds/registry.ts";

/** What of a CRQ explains a path. It says what the document asks for, never that the change was made for it. Pure. */

const processor = unified().use(remarkParse);

export interface Explanation {
  /** Whether the part of the Scope that is "in" names the path. */
  readonly scope: boolean;
  /** Criteria whose checks look at the path or whose text names it. */
  readonly criteria: readonly { readonly id: string; readonly by: readonly ("check" | "text")[] }[];
  /** Steps of the plan that name the path, with the criteria they serve. */
  readonly steps: readonly { readonly number: number; readonly criteria: readonly string[] }[];
}

export const isExplained = ({ scope, criteria, steps }: Explanation): boolean => scope || criteria.length > 0 || steps.length > 0;

/**
 * Answers for one CRQ: criteria explain the files that they check, and criteria, plan and Scope the paths, folders and globs that they show as
 * code. Withdrawn criteria explain nothing.
 */
export function explainer(crq: Crq): (path: string) => Explanation {
  const scope = matcher(codeSpans(inScope(crq)).flatMap(globsOf));
  const criteria = crq.criteria
    .filter((criterion) => criterion.withdrawn === undefined)
    .map((criterion: Criterion) => ({
      id: criterion.id,
      check: matcher(criterion.checks.flatMap(filesOf)),
      text: matcher(codeSpans(criterion.text).flatMap(globsOf)),
    }));
  const steps = crq.steps.map((step) => ({ step, matches: matcher(step.code.flatMap(globsOf)) }));
  return (path) => ({
    scope: scope(path),
    criteria: criteria.flatMap(({ id, check, text }) => {
      const by = [...(check(path) ? (["check"] as const) : []), ...(text(path) ? (["text"] as const) : [])];
      return by.length > 0 ? [{ id, by }] : [];
    }),
    steps: steps.flatMap(({ step, matches }) => (matches(path) ? [{ number: step.number, criteria: step.criteria }] : [])),
  });
}

/** Of the changed paths, those that nothing of the CRQ explains. `crqDirectory` is the tool's own. */
export function unrequestedPaths(crq: Crq, changed: readonly string[], crqDirectory: string): readonly string[] {
  const explain = explainer(crq);
  return changed.filter((path) => !isBelow(path, crqDirectory) && !isExplained(explain(path)));
}

export const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder.replace(/\/+$/u, "")}/`);

const matcher = (globs: readonly string[]): ((path: string) => boolean) =>
  globs.length === 0 ? () => false : picomatch([...globs], { dot: true });

function filesOf(check: Check): readonly string[] {
  const flake = KINDS[check.kind].needs === "flake" ? ["flake.nix", "flake.lock"] : [];
  switch (check.kind) {
    case "doc":
    case "nix-parse":
      return check.files;
    case "flake-inputs":
      return [...flake, ...check.files];
    case "file":
      return [check.path];
    case "git-scope":
      return check.allow;
    case "steps":
      return [`${check.dir}/**`, ...(check.flakes === undefined ? [] : [check.flakes])];
    default:
      return flake;
  }
}

/** The Scope section up to its heading "Out of Scope". */
function inScope(crq: Crq): string {
  const section = crq.sections.find((candidate) => candidate.name === "Scope");
  if (!section) return "";
  const text = crq.source.slice(section.body.start, section.body.end);
  let end = text.length;
  visit(processor.parse(text), "heading", (heading) => {
    const start = heading.position?.start.offset;
    const title = text.slice(start, heading.position?.end.offset);
    if (start !== undefined && /out of scope/i.test(title)) end = Math.min(end, start);
  });
  return text.slice(0, end);
}

/** What a text shows as inline code. */
export function codeSpans(markdown: string): readonly string[] {
  const found: string[] = [];
  visit(processor.parse(markdown), "inlineCode", (node) => {
    found.push(node.value);
  });
  return found;
}

/** A span counts as a path when it has no blank; a folder explains all it holds. */
function globsOf(span: string): readonly string[] {
  const path = span.replace(/^\.\//, "");
  if (path === "" || /\s/.test(path) || path.startsWith("/") || path === ".") return [];
  return path.endsWith("/") ? [`${path}**`] : [path, `${path}/**`];
}
