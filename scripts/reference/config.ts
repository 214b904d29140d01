import { z } from "zod";
import { configSchema } from "../../src/config.ts";
import { MADE } from "./made.ts";

/** A node of the schema as JSON Schema gives it, as far as this page needs it. */
const node = z.looseObject({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), node]).optional();
  },
  get items() {
    return node.optional();
  },
});
type Node = z.infer<typeof node>;

interface Row {
  readonly key: string;
  readonly node: Node;
}

/** docs/reference/config.md: every key of crq-agent.toml with its default. */
export function config(): string {
  const root = node.parse(z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }));
  const tables = new Map<string, Row[]>();
  collect(root, "", tables);
  const sections = [...tables].map(([table, rows]) => {
    const lines = rows.map(
      ({ key, node }) =>
        `| \`${key}\` | ${typeOf(node)} | ${defaultOf(node)} | ${(node.description ?? "").replaceAll("|", "\\|")} |`,
    );
    return `## ${table === "" ? "Top level" : `\`[${table}]\``}\n\n| key | value | default | |\n|---|---|---|---|\n${lines.join("\n")}\n`;
  });
  return `# crq-agent.toml\n\n${MADE}\n\nThe file lies in the root of the repository; without it everything is at its default. \`crq-agent init\` writes one in which each default
stands as a comment. A key that is not listed here is an error. Keys of models come from the environment only, never from a file.
\`NAME\` stands for a name of your own.\n\n${sections.join("\n")}`;
}

function collect(at: Node, path: string, tables: Map<string, Row[]>): void {
  for (const [key, child] of Object.entries(at.properties ?? {})) {
    const here = path === "" ? key : `${path}.${key}`;
    const values = typeof child.additionalProperties === "object" ? child.additionalProperties : undefined;
    if (child.properties !== undefined) collect(child, here, tables);
    else if (values?.properties !== undefined) collect(values, `${here}.NAME`, tables);
    else if (child.type === "array" && child.items?.properties !== undefined) collect(child.items, `[${here}]`, tables);
    else tables.set(path, [...(tables.get(path) ?? []), { key, node: child }]);
  }
}

function typeOf(at: Node): string {
  if (at.enum) return at.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (at.const !== undefined) return `\`${JSON.stringify(at.const)}\``;
  if (at.type === "array") return `list of ${at.items?.type ?? "value"}s`;
  if (at.type === "object") return "table";
  return at.type ?? "";
}

const defaultOf = ({ default: value }: Node): string => (value === undefined ? "" : `\`${JSON.stringify(value)}\``);
