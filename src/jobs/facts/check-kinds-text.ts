import { z } from "zod";
import { CHECK_KINDS, checkSchemas } from "../../crq/checks.ts";

const COMMON = new Set(["kind", "timeout", "systems", "network", "regression", "suggested"]);

/** One line a check kind with its keys and their types, from the schemas themselves, for prompts. */
export function describeCheckKinds(): string {
  return CHECK_KINDS.map((kind) => {
    const schema = z.toJSONSchema(checkSchemas[kind], { io: "input" });
    const required = new Set(schema.required ?? []);
    const keys = Object.entries(schema.properties ?? {})
      .filter(([key]) => !COMMON.has(key))
      .map(([key, value]) => `${key}${required.has(key) ? "" : "?"}: ${typeof value === "boolean" ? "any" : described(value)}`);
    return `- ${kind}: ${keys.join(", ")}`;
  }).join("\n");
}

export type Schema = z.core.JSONSchema.BaseSchema;

const described = (schema: Schema): string =>
  schema.description === undefined ? typeText(schema) : `${typeText(schema)} (${schema.description})`;

/** The type of a key in one word or form, as a writer of TOML reads it. */
export function typeText(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") {
    const items = schema.items;
    return `[${items === undefined || typeof items === "boolean" || Array.isArray(items) ? "any" : typeText(items)}]`;
  }
  if (schema.type === "object" && schema.properties) {
    const required = new Set(schema.required ?? []);
    const keys = Object.entries(schema.properties).map(
      ([key, value]) =>
        `${key}${required.has(key) ? "" : "?"}: ${typeof value === "boolean" ? "any" : value.type === undefined ? (value.description ?? typeText(value)) : typeText(value)}`,
    );
    return `{ ${keys.join(", ")} }`;
  }
  return typeof schema.type === "string" ? schema.type : "any";
}
