import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CHECK_KINDS } from "../../src/crq/checks.ts";
import { approvalHash } from "../../src/crq/lifecycle/approval.ts";
import { ALLOWED_MOVES } from "../../src/crq/lifecycle/transitions.ts";
import { PROFILES } from "../../src/crq/lint/rule.ts";
import { RULES } from "../../src/crq/lint/rules/all.ts";
import { SECTIONS, STATUSES, TAIL_SECTIONS } from "../../src/crq/model.ts";
import { factSchema } from "../../src/crq/parse/blocks/facts.ts";
import {
  BRANCH,
  CRQ_ID,
  DERIVED_STATES,
  metadataSchema,
  NEEDS_APPROVAL,
  NEEDS_BRANCH,
  NEEDS_TARGET,
} from "../../src/crq/parse/blocks/metadata.ts";
import { MAX_CRQ_BYTES, parseCrq } from "../../src/crq/parse.ts";
import { type Schema, typeText } from "../../src/jobs/facts/check-kinds-text.ts";
import { MADE } from "./made.ts";

/** The example is the fixture that the tests of the linter hold to the strict profile. */
const EXAMPLE = "crqs/CRQ-001-nixify-greet.md";
const example = readFileSync(join(import.meta.dirname, "../../test/crq/fixtures/greet", EXAMPLE), "utf8");

/** docs/reference/crq-format.md */
export function crqFormat(): string {
  return [
    "# The CRQ format",
    "",
    MADE,
    "",
    `A change request (CRQ) is one Markdown file of at most ${MAX_CRQ_BYTES / 1024 / 1024} MiB UTF-8 below \`crqs/\`. What a machine reads stands in fenced TOML blocks, all else is prose.`,
    "`crq-agent lint` says whether a file has this form; [lint-rules.md](lint-rules.md) lists what it looks for.",
    "",
    "## Sections",
    "",
    `An H1 \`# CRQ-NNN: Title\`, the metadata block, then these H2 headings, numbered in this order (sub-sections \`N.M.\`):`,
    "",
    ...SECTIONS.map((name, index) => `${index + 1}. ${name}`),
    "",
    "And, where they are needed:",
    "",
    ...TAIL_SECTIONS.map((name, index) => `${SECTIONS.length + index + 1}. ${name}`),
    "",
    "Section 3 has `3.1. In Scope` and `3.2. Out of Scope`. Section 11 is only added to. No rule reads section 12.",
    "",
    "## Metadata",
    "",
    "One block ` ```toml crq `, the first thing after the H1. Unknown keys are errors.",
    "",
    ...table(metadataSchema),
    "",
    `- An id matches \`${CRQ_ID.source}\`, a branch \`${BRANCH.source}\`; \`CRQ-XXX\` only while there is no number.`,
    `- \`target\` is required for kinds ${list(NEEDS_TARGET)}; \`branch\` at ${list(NEEDS_BRANCH)}; \`approval\` at ${list(NEEDS_APPROVAL)}; \`evidence\` when closed; \`superseded-by\` when superseded.`,
    "- Authors are `human:NAME` or `agent:TOOL@VERSION/MODEL`.",
    "",
    "## States",
    "",
    "| `status` | may become |",
    "|---|---|",
    ...STATUSES.map((status) => `| ${status} | ${ALLOWED_MOVES[status].join(", ")} |`),
    "",
    `${list(DERIVED_STATES)} are worked out from runs and reports and never stored.`,
    "",
    "An approval is bound to a hash of sections 3 and 5: `sha256:` and the hex of SHA-256 over `scope\\n`, the text of section 3, `acceptance\\n` and the text of section 5,",
    "each from below its heading to the next H2, without byte order mark, with LF, without blanks at line ends, with one blank line where there are several, none at either end, and one final LF.",
    `The example below has \`${approvalHash(parseCrq(EXAMPLE, example))}\`.`,
    "",
    "## Criteria and checks",
    "",
    "A criterion is a list item of section 5 that starts with `**AC-n**`. Its block is a fence inside the item, ` ```toml check AC-n `, with one check at top level or several",
    '`[[check]]` entries and an optional `need = "all"` (default) or `"any"`. Ids are never reused: a removed criterion stays as `**AC-4** (withdrawn 2026-11-21: reason)`.',
    "",
    `Kinds: ${CHECK_KINDS.map((kind) => `[\`${kind}\`](check-kinds.md#${kind})`).join(", ")}.`,
    "",
    "Variables in strings: `${system}`, `${base}` and `${out:AC-n.k}`, the store path of check k (from 0) of criterion AC-n, which is a `nix-build`. `$${` is a literal `${`. Patterns are",
    "JavaScript regular expressions with flags `mu`.",
    "",
    "Each numbered step of section 6 names its criteria, `(AC-1, AC-3)`, or says why it serves none: `(no-ac: reason)`. A question of section 9 is an item `**Q-n**: …`, answered by a line `Answer: …`.",
    "",
    "## Facts",
    "",
    "Blocks ` ```toml facts ` in section 7 hold `[[fact]]` entries:",
    "",
    ...table(factSchema),
    "",
    "## Files",
    "",
    "`crqs/CRQ-NNN-kebab-slug.md`: three to seven digits, a slug of 3 to 60 of `a-z`, `0-9` and `-`. Other names are read (`crq_001_x.md`, `CRQ-NNN.md`, dated names); the id is then that of the block,",
    "else of the H1, else of the name. `crqs/list.txt` and `crqs/INDEX.md` are written by `crq-agent index`.",
    "",
    "## Profiles",
    "",
    "| profile | for | errors | warnings | remarks | off |",
    "|---|---|---|---|---|---|",
    ...PROFILES.map((profile) => {
      const count = (level: string) => RULES.filter((rule) => rule.levels[profile] === level).length;
      return `| ${profile} | ${PURPOSE[profile]} | ${["error", "warning", "info", "off"].map(count).join(" | ")} |`;
    }),
    "",
    "## An example",
    "",
    "It passes the strict profile in its repository.",
    "",
    "````markdown",
    example.trimEnd(),
    "````",
    "",
  ].join("\n");
}

const PURPOSE: Readonly<Record<(typeof PROFILES)[number], string>> = {
  import: "foreign documents",
  standard: "documents that people write",
  strict: "documents that a tool writes, and CI",
};

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** Keys of a block with whether they are required and what they hold. */
function table(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const required = new Set(json.required ?? []);
  const rows = Object.entries(json.properties ?? {}).map(
    ([key, value]) => `| \`${key}\` | ${required.has(key) ? "yes" : ""} | ${typeof value === "boolean" ? "any" : cell(value)} |`,
  );
  return ["| key | required | value |", "|---|---|---|", ...rows];
}

function cell(schema: Schema): string {
  if (schema.type === undefined && schema.description !== undefined) return schema.description;
  const type = typeText(schema).replaceAll("|", "\\|");
  return `\`${type}\`${limits(schema)}`;
}

function limits(schema: Schema): string {
  if (schema.minLength !== undefined && schema.maxLength !== undefined)
    return `, ${schema.minLength} to ${schema.maxLength} characters`;
  if (schema.pattern !== undefined) return ` like \`${schema.pattern.replaceAll("|", "\\|")}\``;
  return "";
}
