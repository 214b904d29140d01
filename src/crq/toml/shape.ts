import type { z } from "zod";
import { allowedNames } from "./suggest.ts";

/** One way in which data does not have the shape a schema asks for. */
export interface ShapeProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** For a key the schema does not know. */
  readonly unknownKey?: string;
}

/** Puts the issues of a zod schema in words for a person who wrote TOML. `keysAt` lists the allowed keys of the table at a path. */
export function shapeProblems(
  error: z.ZodError,
  data: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): ShapeProblem[] {
  return error.issues.flatMap((issue): ShapeProblem[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `unknown key \`${key}\`; ${allowedNames(key, keysAt(issue.path))}`,
        unknownKey: key,
      }));
    }
    const name = nameOf(issue.path);
    if (valueAt(data, issue.path) === undefined) return [{ path: issue.path, message: `${name} is missing${expected(issue)}` }];
    return [{ path: issue.path, message: `${name}: ${lowerFirst(issue.message.replace(/^Invalid input: /, ""))}` }];
  });
}

/** Keys of a strict object schema, when the schema is one. */
export function keysOf(schema: { readonly shape?: Readonly<Record<string, unknown>> }): readonly string[] {
  return Object.keys(schema.shape ?? {});
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return ` (expected ${issue.expected})`;
  if (issue.code === "invalid_value") return ` (one of ${issue.values.map(String).join(", ")})`;
  return issue.code === "custom" ? ` (${issue.message})` : "";
}

function nameOf(path: readonly PropertyKey[]): string {
  const text = path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
  return text === "" ? "the block" : `\`${text}\``;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
