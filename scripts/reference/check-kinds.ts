import { z } from "zod";
import { CHECK_KINDS, type CheckKind, checkSchemas } from "../../src/crq/checks.ts";
import { KINDS } from "../../src/crq/criteria/kinds/registry.ts";
import { CHECK_EXAMPLES } from "./check-examples.ts";
import { MADE } from "./made.ts";

/** docs/reference/check-kinds.md: what each kind asks for, proves and refuses, from the schemas and the kinds themselves. */
export function checkKinds(): string {
  return [
    "# Check kinds",
    "",
    MADE,
    "How to choose one, and what a pass does not show: [Writing criteria](../guides/criteria.md).",
    "",
    "Tiers: text < parse < eval < build < run. Text and parse need only files (parse also Nix's parser), eval an evaluator, build and run a Nix",
    "store. A pass with nothing checked does not exist: that is `vacuous`.",
    "",
    "## Every kind",
    "",
    ...parameterTable("nix-parse", (key) => COMMON.has(key)),
    "",
    "Strings may hold `${system}`, `${base}` and `${out:AC-n.k}` (store path of build k of AC-n); `$${` is a literal `${`. Paths and globs stay",
    "inside the target, also through links.",
    "",
    ...CHECK_KINDS.flatMap(part),
  ].join("\n");
}

const COMMON: ReadonlySet<string> = new Set(["timeout", "systems", "network", "regression", "suggested"]);

function part(kind: CheckKind): readonly string[] {
  const { tier, guard, canary, needs } = KINDS[kind];
  const { means, block } = CHECK_EXAMPLES[kind];
  return [
    `## ${kind}`,
    "",
    `A pass means: ${means}. It proves up to tier **${tier}** and needs ${NEEDS[needs]}.`,
    "",
    ...parameterTable(kind, (key) => !COMMON.has(key) || (kind === "run" && key === "timeout")),
    "",
    `- Vacuous when: ${guard}.`,
    ...(canary ? [`- Canary, which must be rejected on a machine before passes count: ${canary.description}.`] : []),
    "",
    "```toml",
    block,
    "```",
    "",
  ];
}

const NEEDS = { files: "the tracked files", nix: "Nix", flake: "Nix and a tracked flake.nix" } as const;

type Schema = z.core.JSONSchema.BaseSchema;

function parameterTable(kind: CheckKind, wanted: (key: string) => boolean): readonly string[] {
  const schema = z.toJSONSchema(checkSchemas[kind], { io: "input" });
  const rows = rowsOf(schema, "").filter(({ key }) => key !== "kind" && wanted(key.split(".")[0] ?? key));
  return [
    "| parameter | type | default | meaning |",
    "|---|---|---|---|",
    ...rows.map(({ key, type, standard, meaning }) => `| \`${key}\` | ${cell(type)} | ${standard} | ${cell(meaning)} |`),
  ];
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly standard: string;
  readonly meaning: string;
}

/** Tables inside a table get a row for each of their keys. */
function rowsOf(schema: Schema, prefix: string): readonly Row[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]): readonly Row[] => {
    const key = `${prefix}${name}`;
    if (typeof value === "boolean") return [{ key, type: "any", standard: "", meaning: "" }];
    const standard = required.has(name) ? "required" : value.default === undefined ? "" : `\`${JSON.stringify(value.default)}\``;
    const own = { key, type: typeOf(value), standard, meaning: value.description ?? "" };
    return [own, ...(value.properties ? rowsOf(value, `${key}.`) : [])];
  });
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.type === "array") {
    const { items } = schema;
    return `list of ${items === undefined || typeof items === "boolean" || Array.isArray(items) ? "anything" : typeOf(items)}`;
  }
  return schema.type === "object" ? "table" : typeof schema.type === "string" ? schema.type : "any";
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
