import { type CrqKind, STATUSES, type Status } from "../../model.ts";
import { DERIVED_STATES } from "../../parse/blocks/metadata.ts";
import { rangeOf } from "../../parse/text/markdown.ts";
import { renderMetadata } from "../../render/blocks.ts";
import { nearest } from "../../toml/suggest.ts";
import { newlineOf } from "../../write/edits.ts";
import { keyEdits } from "../../write/keys.ts";
import { type Finding, levels, parserFindings, type Rule, type RuleInput } from "../rule.ts";

export const missingBlock: Rule = {
  name: "meta/missing-block",
  about: "there is no `toml crq` block under the H1",
  explain:
    "Everything a machine knows of a CRQ stands in one fenced block of TOML, the first thing after the H1. `--fix` adds one with " +
    'status = "draft"; `crq-agent import` turns a document with YAML front matter into a CRQ.',
  levels: levels("i E E"),
  fixes: true,
  check: (input) => parserFindings(missingBlock.name)(input).map((finding) => ({ ...finding, ...addBlock(input) })),
};

function addBlock({ document, context }: RuleInput): Pick<Finding, "fix"> {
  const { crq, h1, root } = document;
  if (h1 === undefined || crq.title === undefined || context.today === undefined) return {};
  if (root.children.some((node) => node.type === "yaml")) return {};
  const title = crq.title.text.slice(0, 90).trim();
  if (title.length < 5) return {};
  const kind = kindOf(crq.source);
  const block = renderMetadata({
    schema: "crq/1",
    id: crq.title.id ?? "CRQ-XXX",
    title,
    status: "draft",
    kind: context.base === undefined && kind === "nixify" ? "refactor" : kind,
    created: context.today,
    authors: [context.author ?? "human:unknown"],
    ...(kind === "nixify" &&
      context.base !== undefined && { target: { repo: ".", base: context.base, systems: context.systems ?? ["x86_64-linux"] } }),
    waivers: [],
  });
  const newline = newlineOf(crq.source);
  const { end } = rangeOf(h1);
  const text = `${newline}${newline}${block.replaceAll("\n", newline)}`;
  return { fix: { description: "add a metadata block for a draft", edits: [{ file: crq.path, start: end, end, text }] } };
}

/** The kind that the words of a document suggest; only a draft's guess, which a person sees. */
function kindOf(source: string): CrqKind {
  return /\bflake\b|\bnixif/i.test(source) ? "nixify" : "refactor";
}

export const status: Rule = {
  name: "meta/status",
  about: "`status` is missing, unknown, or a state that is derived from runs",
  explain: `Stored states are ${STATUSES.join(", ")}. ${DERIVED_STATES.join(", ")} are worked out from runs and reports and never written down. \`--fix\` writes the state that was probably meant, else "draft".`,
  levels: levels("i E E"),
  fixes: true,
  check: (input) => parserFindings(status.name)(input).map((finding) => ({ ...finding, ...setStatus(input) })),
};

function setStatus({ document }: RuleInput): Pick<Finding, "fix"> {
  const { metadataBlock: block, crq } = document;
  if (block?.data === undefined) return {};
  const now = block.data.status;
  const meant = typeof now === "string" ? statusFor(now, block.data.branch !== undefined) : "draft";
  const edits = keyEdits(document, "status", `"${meant}"`).map((edit) => ({ file: crq.path, ...edit }));
  return { fix: { description: `set \`status = "${meant}"\``, edits } };
}

/** The stored state behind a word of a writer: a claim of being done is no evidence, so nothing gets further than `proposed`. */
export function statusFor(word: string, hasBranch: boolean): Status {
  const text = word.trim().toLowerCase();
  const close = nearest(text, STATUSES);
  if (close !== undefined) return STATUSES.find((known) => known === close) ?? "draft";
  const proposed = [
    "open",
    "to do",
    "todo",
    "proposed",
    "active",
    "in progress",
    "in-progress",
    "implemented",
    "completed",
    "complete",
    "done",
    "resolved",
    "verified",
    "stale",
    "blocked",
  ];
  return proposed.includes(text) && hasBranch ? "proposed" : "draft";
}

export const invalidMetadata: Rule = {
  name: "meta/invalid-block",
  about: "a `toml crq` or `toml facts` block does not parse, has a wrong type, or is there twice",
  explain:
    "The message names the key and what was expected there. Dates are TOML dates without quotes; `target`, `branch` and `approval` are required where the state or kind needs them.",
  levels: levels("E E E"),
  check: parserFindings("meta/invalid-block"),
};

export const unknownKey: Rule = {
  name: "meta/unknown-key",
  about: "the metadata hold a key the format does not know",
  explain:
    "A misspelt key would silently mean nothing, so every unknown key is an error. `--fix` renames it where one known key is meant.",
  levels: levels("E E E"),
  fixes: true,
  check: parserFindings("meta/unknown-key"),
};

export const authorForm: Rule = {
  name: "meta/author-form",
  about: "an author is neither `human:NAME` nor `agent:TOOL@VERSION/MODEL`",
  explain: "Readers must see who wrote a document: a person or a program. Write `human:Ada` or `agent:crq-agent@0.1.0/rules`.",
  levels: levels("i W E"),
  *check({ document }) {
    const authors = document.crq.metadata?.authors ?? [];
    for (const [index, author] of authors.entries()) {
      if (/^(?:human:\S.*|agent:[^\s@/]+@[^\s/]+\/\S+)$/.test(author)) continue;
      const place = document.metadataBlock?.placeOf(["authors", index]) ?? { line: 1, column: 1 };
      yield { place, message: `author ${JSON.stringify(author)} is neither \`human:NAME\` nor \`agent:TOOL@VERSION/MODEL\`` };
    }
  },
};

export const metaRules: readonly Rule[] = [missingBlock, status, invalidMetadata, unknownKey, authorForm];
