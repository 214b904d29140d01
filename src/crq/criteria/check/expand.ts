import type { Check } from "../../checks.ts";
import { checkSchema } from "../../checks.ts";
import { expandVariables, type VariableValues, variablesOf } from "../../variables.ts";
import { UnresolvedVariable } from "./kind.ts";

/** Variables in the strings of a check. Text for people (`why`, `ask`, `who`) is left alone. */

const FOR_PEOPLE: ReadonlySet<string> = new Set(["kind", "why", "ask", "who"]);

/** The check with every variable filled in. Throws an UnresolvedVariable. */
export function expandCheck(check: Check, values: VariableValues): Check {
  return checkSchema.parse(mapStrings(check, (text) => expandText(text, values)));
}

export function expandText(text: string, values: VariableValues): string {
  const expanded = expandVariables(text, values);
  if ("text" in expanded) return expanded.text;
  const prerequisite = expanded.missing.startsWith("${out:");
  const why = prerequisite ? "its build has not passed" : "it has no value";
  throw new UnresolvedVariable(`${expanded.missing} cannot be filled in: ${why}`, prerequisite);
}

export interface OutputReference {
  readonly ac: string;
  readonly index: number;
}

/** The builds whose store paths a check uses. */
export function outputReferences(check: Check): readonly OutputReference[] {
  const found = new Map<string, OutputReference>();
  mapStrings(check, (text) => {
    for (const part of variablesOf(text))
      if (part.kind === "out") found.set(`${part.ac}.${part.index}`, { ac: part.ac, index: part.index });
    return text;
  });
  return [...found.values()];
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, FOR_PEOPLE.has(key) ? item : mapStrings(item, change)]),
  );
}
