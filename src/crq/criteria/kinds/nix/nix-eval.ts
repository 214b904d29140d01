import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import { excerpt, excerptOfValue } from "../../judge/expectations.ts";
import { atPointer } from "../../judge/json-pointer.ts";

export const nixEval = defineKind({
  schema: checkSchemas["nix-eval"],
  kind: "nix-eval",
  tier: "eval",
  needs: "flake",
  guard: "the function gives the same for a flake without outputs, or the pattern matches the empty string",
  canary: {
    description: "an attribute with another value than the check asks for",
    files: { "flake.nix": '{\n  outputs = _: { edition = "2021"; };\n}\n' },
    check: checkSchemas["nix-eval"].parse({ kind: "nix-eval", attr: "edition", equals: "2024" }),
  },
  run: judge,
});

const ONE = { candidates: 1, checked: 1 };

const answer = z.object({ type: z.string(), value: z.unknown() });

async function judge(check: CheckOf<"nix-eval">, context: CheckContext): Promise<CheckResult> {
  const nix = evaluator(context);
  const timeoutMs = check.timeout * 1000;
  if (check.regex !== undefined && new RegExp(check.regex, "mu").test("")) {
    return vacuous("nothing-checked", "eval", `/${check.regex}/ matches the empty string`);
  }
  const { attr, expr } = check;
  if ((attr === undefined) === (expr === undefined)) return failed("mismatch", "parse", "the check needs either attr or expr");
  const wantsValue = check.equals !== undefined || check.regex !== undefined || check.pointer !== undefined;
  const evaluated =
    expr === undefined
      ? await nix.evaluate(attr ?? "", typed(wantsValue), timeoutMs)
      : await nix.evaluateOutputs(`outputs: ${typed(wantsValue)} ((${expr}) outputs)`, timeoutMs);
  const what = expr === undefined ? `${attr}` : "the function of the flake";
  if (!evaluated.ok) return failureOfNix(evaluated, `evaluating ${what}`, ONE);
  const details = { log: `${JSON.stringify(evaluated.value, null, 2)}\n`, warnings: evaluated.warnings };

  const problem = mismatch(check, evaluated.value);
  if (problem !== undefined) return failed("mismatch", "eval", `${what}: ${problem}`, ONE, details);
  if (expr !== undefined) {
    const blind = await nix.evaluateOutputs(`_: ${typed(wantsValue)} ((${expr}) { })`, timeoutMs);
    if (blind.ok && mismatch(check, blind.value) === undefined) {
      return vacuous("nothing-checked", "eval", "the function gives the same for a flake without outputs", ONE, details);
    }
    if (!blind.ok && blind.why !== "failed") return failureOfNix(blind, "trying the function on a flake without outputs", ONE);
  }
  return passed("eval", `${what} is as asked for`, ONE, details);
}

/** Gives the type of a value, and the value only where it is asked for: not every value can be shown as JSON. */
function typed(withValue: boolean): string {
  const type = `if builtins.isAttrs value && (value.type or null) == "derivation" then "derivation" else builtins.typeOf value`;
  return `(value: { type = ${type}; value = ${withValue ? "value" : "null"}; })`;
}

function mismatch(check: CheckOf<"nix-eval">, evaluated: unknown): string | undefined {
  const { type, value } = answer.parse(evaluated);
  if (check.type !== undefined && check.pointer === undefined && type !== check.type)
    return `its type is ${type} instead of ${check.type}`;
  const hit = check.pointer === undefined ? { found: true as const, value } : atPointer(value, check.pointer);
  if (!hit.found) return hit.problem;
  if (check.type !== undefined && check.pointer !== undefined && jsonType(hit.value) !== check.type) {
    return `the type at ${check.pointer} is ${jsonType(hit.value)} instead of ${check.type}`;
  }
  if (check.equals !== undefined && !isDeepStrictEqual(hit.value, check.equals)) {
    return `the value is ${excerptOfValue(hit.value)} instead of ${excerptOfValue(check.equals)}`;
  }
  if (check.regex !== undefined && !new RegExp(check.regex, "mu").test(textOf(hit.value))) {
    return `the value ${excerpt(textOf(hit.value))} does not match /${check.regex}/`;
  }
  return undefined;
}

/** A list or a set is matched as its JSON. */
const textOf = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "boolean") return "bool";
  return typeof value === "object" ? "set" : "string";
}
