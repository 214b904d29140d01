import { z } from "zod";
import { CHECK_KINDS, type Check, type CheckKind, checkSchemas } from "../../checks.ts";
import type { TomlBlock } from "../../toml/block.ts";
import { keysOf, shapeProblems } from "../../toml/shape.ts";
import { allowedNames } from "../../toml/suggest.ts";
import { variablesOf } from "../../variables.ts";
import type { Problems } from "../text/problems.ts";

/** What a `toml check` block holds. `checks` is empty when any part of the block is wrong: such a criterion cannot pass. */
export interface CheckBlock {
  readonly need: "all" | "any";
  readonly checks: readonly Check[];
}

const NOTHING: CheckBlock = { need: "all", checks: [] };
const needSchema = z.enum(["all", "any"]);

/** Reads the checks of one block: either `[[check]]` entries with an optional `need`, or one check at top level, never both. */
export function readChecks(block: TomlBlock, problems: Problems): CheckBlock {
  const refuse = (path: readonly PropertyKey[], message: string): CheckBlock => {
    problems.add("acceptance/invalid-block", block.placeOf(path), message);
    return NOTHING;
  };
  if (block.problem) {
    problems.add("acceptance/invalid-block", block.problem.place, `the check block is not TOML: ${block.problem.message}`);
    return NOTHING;
  }
  const data = block.data ?? {};
  const entries = data.check;
  if (entries === undefined) {
    if (data.need !== undefined) return refuse(["need"], "`need` belongs to a block with [[check]] entries");
    const check = readCheck(data, [], block, problems);
    return check === undefined ? NOTHING : { need: "all", checks: [check] };
  }
  const mixed = Object.keys(data).find((key) => key !== "check" && key !== "need");
  if (mixed === "kind") return refuse(["kind"], "`kind` at top level and [[check]] entries exclude each other");
  if (mixed !== undefined)
    return refuse([mixed], `unknown key \`${mixed}\` beside [[check]]; ${allowedNames(mixed, ["check", "need"])}`);
  if (!Array.isArray(entries) || entries.length === 0) return refuse(["check"], "`check` must be entries of the form [[check]]");
  const need = needSchema.safeParse(data.need ?? "all");
  if (!need.success) return refuse(["need"], `\`need\` is "all" or "any"`);
  const checks = entries.map((entry, index) => readCheck(entry, ["check", index], block, problems));
  return checks.every((check) => check !== undefined) ? { need: need.data, checks } : NOTHING;
}

function readCheck(entry: unknown, at: readonly (string | number)[], block: TomlBlock, problems: Problems): Check | undefined {
  const refuse = (path: readonly PropertyKey[], message: string) => {
    problems.add("acceptance/invalid-block", block.placeOf([...at, ...path]), message);
    return undefined;
  };
  if (typeof entry !== "object" || entry === null) return refuse([], "a check must be a table");
  const kind: unknown = Reflect.get(entry, "kind");
  if (kind === undefined) return refuse([], `\`kind\` is missing; allowed: ${CHECK_KINDS.join(", ")}`);
  if (!isCheckKind(kind))
    return refuse(["kind"], `unknown kind ${JSON.stringify(kind)}; ${allowedNames(String(kind), CHECK_KINDS)}`);

  const result = checkSchemas[kind].safeParse(entry);
  if (!result.success) {
    for (const problem of shapeProblems(result.error, entry, (path) => (path.length === 0 ? keysOf(checkSchemas[kind]) : []))) {
      refuse(problem.path, `kind "${kind}": ${problem.message}`);
    }
    return undefined;
  }
  let sound = true;
  for (const { path, message } of [...badVariables(entry), ...missingParts(result.data)]) {
    refuse(path, message);
    sound = false;
  }
  return sound ? result.data : undefined;
}

function isCheckKind(value: unknown): value is CheckKind {
  return CHECK_KINDS.some((kind) => kind === value);
}

interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Variables other than those of the format, anywhere in the strings of a check. */
function badVariables(value: unknown, path: readonly (string | number)[] = []): Finding[] {
  if (typeof value === "string") {
    return variablesOf(value).flatMap((part) => (part.kind === "unknown" ? [{ path, message: part.message }] : []));
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => badVariables(item, [...path, index]));
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    return Object.entries(value).flatMap(([key, item]) => badVariables(item, [...path, key]));
  }
  return [];
}

/** Parameters that only make sense together, which an object schema cannot say. */
function missingParts(check: Check): Finding[] {
  switch (check.kind) {
    case "nix-eval":
      return [
        ...((check.attr === undefined) === (check.expr === undefined)
          ? [{ path: [], message: `kind "nix-eval": give \`attr\` or \`expr\`, one of them` }]
          : []),
        ...(check.equals === undefined && check.type === undefined && check.regex === undefined
          ? [{ path: [], message: `kind "nix-eval": nothing is expected; give \`equals\`, \`type\` or \`regex\`` }]
          : []),
      ];
    case "flake-outputs":
      return check.require.length + check.forbid.length === 0
        ? [{ path: [], message: `kind "flake-outputs": nothing is expected; give \`require\` or \`forbid\`` }]
        : [];
    case "file":
      if (check.absent && (check.regex ?? check["not-regex"] ?? check.pointer ?? check.sha256 ?? check.equals) !== undefined) {
        return [{ path: ["absent"], message: `kind "file": an absent file has no content to compare` }];
      }
      if ((check.pointer === undefined) !== (check.equals === undefined)) {
        return [{ path: ["pointer"], message: `kind "file": \`pointer\` and \`equals\` go together` }];
      }
      return [];
    case "command":
      return (check.argv === undefined) === (check.script === undefined)
        ? [{ path: [], message: `kind "command": give \`argv\` or \`script\`, one of them` }]
        : [];
    default:
      return [];
  }
}
