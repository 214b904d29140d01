import type { Nodes, Parents } from "mdast";
import { visit } from "unist-util-visit";
import type { Place } from "../model.ts";
import type { CrqDocument } from "../parse/document.ts";
import { rangeOf } from "../parse/text/markdown.ts";
import { type Finding, isAbsolute, type Rule } from "./rule.ts";

/** `<!-- crq-lint ignore RULE: reason -->`: the lines of the next block, for one rule. */
export interface Ignore {
  readonly rule: string;
  /** Of the comment. */
  readonly place: Place;
  readonly from: number;
  readonly to: number;
}

const COMMENT = /^<!--\s*crq-lint\b([\s\S]*?)-->\s*$/;

/** Reads the ignore comments of a document; one without reason, for an unknown rule or for a rule that cannot be ignored is a finding. */
export function readIgnores(
  document: CrqDocument,
  rules: readonly Rule[],
): { readonly ignores: readonly Ignore[]; readonly bad: readonly Finding[] } {
  const ignores: Ignore[] = [];
  const bad: Finding[] = [];
  visit(document.root, "html", (node, _index, parent) => {
    const body = COMMENT.exec(node.value)?.[1];
    if (body === undefined) return;
    const place = document.lines.placeAt(rangeOf(node).start);
    const match = /^\s*ignore\s+([\w-]+\/[\w-]+)\s*(?::\s*([\s\S]*?)\s*)?$/.exec(body);
    const name = match?.[1];
    const rule = rules.find((candidate) => candidate.name === name);
    if (match === null || name === undefined)
      bad.push({ place, message: "expected `<!-- crq-lint ignore area/rule: reason -->`" });
    else if (rule === undefined) bad.push({ place, message: `there is no rule \`${name}\`` });
    else if (isAbsolute(rule)) bad.push({ place, message: `\`${name}\` cannot be ignored` });
    else if ((match[2] ?? "") === "") bad.push({ place, message: `ignoring \`${name}\` needs a reason after a colon` });
    else {
      const next = nextBlock(node, parent);
      if (next === undefined) bad.push({ place, message: "no block follows that could be ignored" });
      else {
        const { start, end } = rangeOf(next);
        ignores.push({ rule: name, place, from: document.lines.placeAt(start).line, to: document.lines.placeAt(end).line });
      }
    }
  });
  return { ignores, bad };
}

/** The next sibling that is no comment: several comments may stand above one block. */
function nextBlock(node: Nodes, parent: Parents | undefined): Nodes | undefined {
  const siblings: readonly Nodes[] = parent?.children ?? [];
  return siblings.slice(siblings.indexOf(node) + 1).find((sibling) => sibling.type !== "html" || !COMMENT.test(sibling.value));
}
