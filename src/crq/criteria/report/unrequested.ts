import picomatch from "picomatch";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visit } from "unist-util-visit";
import type { Check } from "../../checks.ts";
import type { Crq } from "../../model.ts";
import { KINDS } from "../kinds/registry.ts";

/** Changed files that nobody asked for. Pure. */

const processor = unified().use(remarkParse);

/**
 * Of the changed paths, those that neither a criterion, nor the plan, nor the part of the Scope that is "in" explains: criteria by the files
 * they check, plan and Scope by the paths, folders and globs they show as code. `crqDirectory` is the tool's own.
 */
export function unrequestedPaths(crq: Crq, changed: readonly string[], crqDirectory: string): readonly string[] {
  const explained = [...explanations(crq), `${crqDirectory}/**`];
  const matches = picomatch(explained, { dot: true });
  return changed.filter((path) => !matches(path));
}

function explanations(crq: Crq): readonly string[] {
  const live = crq.criteria.filter((criterion) => criterion.withdrawn === undefined);
  const texts = [...live.map((criterion) => criterion.text), ...crq.steps.map((step) => step.text), inScope(crq)];
  return [...live.flatMap((criterion) => criterion.checks.flatMap(filesOf)), ...texts.flatMap(codeSpans).flatMap(globsOf)];
}

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

function codeSpans(markdown: string): readonly string[] {
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
