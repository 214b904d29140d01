import { z } from "zod";
import { jsonFault } from "../text/json-position.ts";
import { nearest } from "../text/nearest.ts";
import type { Tool } from "../tool.ts";

/** From the bytes a provider delivered to arguments that fit the tool, or a text that says what is wrong and what to send instead. */
export type ReadArguments =
  | { readonly ok: true; readonly json: Record<string, unknown>; readonly args: Record<string, unknown> }
  | { readonly ok: false; readonly text: string };

/**
 * @param cutOff the reply ended at the output limit and this is its last call: arguments that are no JSON were then cut, not written wrongly
 */
export function readArguments(tool: Tool, received: string, cutOff: boolean): ReadArguments {
  // Providers send nothing at all for a call without arguments.
  const source = received.trim() === "" && !cutOff ? "{}" : received;
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch {
    return { ok: false, text: cutOff ? cutOffText(tool, received) : malformedText(tool, received) };
  }
  const checked = tool.args.safeParse(json);
  if (!checked.success) return { ok: false, text: invalidText(tool, checked.error) };
  // The raw object goes to the tool, which parses it itself; `args` is for those who judge it.
  return { ok: true, json: z.record(z.string(), z.unknown()).parse(json), args: checked.data };
}

const cutOffText = (tool: Tool, received: string): string =>
  `${tool.name} was not run: the reply reached its output limit after ${received.length} characters of these arguments, so they were cut off. ` +
  "Nothing was changed. Send the call again with less in it: fewer files or smaller edits in one call, without text before it.";

function malformedText(tool: Tool, received: string): string {
  const at = jsonFault(received) ?? received.length;
  const from = Math.max(0, at - 60);
  const near = `${from > 0 ? "…" : ""}${received.slice(from, at)}⟪here⟫${received.slice(at, at + 60)}${at + 60 < received.length ? "…" : ""}`;
  const what =
    at === received.length
      ? "end too early: they are no whole JSON"
      : `are not JSON from character ${at} of ${received.length} on`;
  return `${tool.name} was not run: its arguments ${what}.\nReceived: ${near}\nSend the call again with one JSON object; inside strings write \\n for a line break and \\" for a quote.`;
}

function invalidText(tool: Tool, error: z.ZodError): string {
  const lines = error.issues.flatMap((issue) => describeIssue(issue, [], tool));
  const keys = [...new Set(error.issues.flatMap((issue) => issue.path.slice(0, 1)))].filter((key) => typeof key === "string");
  const shapes = keys.flatMap((key) => {
    const part = tool.args.shape[key];
    return part === undefined ? [] : [`  ${key}: ${JSON.stringify(schemaOf(part))}`];
  });
  const expected = shapes.length > 0 ? `\nExpected:\n${shapes.join("\n")}` : "";
  return `${tool.name} was not run: its arguments do not fit.\n${lines.map((line) => `  ${line}`).join("\n")}${expected}\nMend these and send the call again.`;
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, above: readonly PropertyKey[], tool: Tool): readonly string[] {
  const path = [...above, ...issue.path];
  const where = path.length === 0 ? "(the arguments)" : dotted(path);
  if (issue.code === "unrecognized_keys") {
    const known = path.length === 0 ? Object.keys(tool.args.shape) : [];
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const hint =
        near.length > 0 ? `did you mean ${near.join(" or ")}?` : known.length > 0 ? `known: ${known.join(", ")}` : "leave it out";
      return `${path.length === 0 ? key : `${where}.${key}`}: unknown; ${hint}`;
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The branch with the fewest complaints is the one that was meant.
    const meant = issue.errors.reduce((best, branch) => (weight(branch) < weight(best) ? branch : best));
    return meant.flatMap((inner) => describeIssue(inner, path, tool));
  }
  return [`${where}: ${issue.message}`];
}

/** A key that a branch does not know at all weighs most: the call was written for another branch. */
const weight = (branch: readonly Issue[]): number =>
  branch.reduce((sum, issue) => {
    if (issue.code !== "unrecognized_keys") return sum + 1;
    return sum + issue.keys.length * (issue.path.length === 0 ? 3 : 1);
  }, 0);

const dotted = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`)).join("");

function schemaOf(schema: z.core.$ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}
