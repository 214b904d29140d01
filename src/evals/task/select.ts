import { SPLITS, TASK_KINDS, type TaskFile } from "./task-file.ts";

/** `tier<=2 kind=repair cluster=mdtoc`: all parts must hold. One key with several values: `kind=repair,apply`. */
export type Selection = (task: TaskFile) => boolean;

const PART = /^([a-z]+)(<=|>=|!=|=|<|>)(.+)$/;

const TEXTS = new Map<string, (task: TaskFile) => string>([
  ["id", ({ id }) => id],
  ["kind", ({ kind }) => kind],
  ["cluster", ({ cluster }) => cluster],
  ["split", ({ split }) => split],
  ["builder", ({ builder }) => builder],
  ["fault", ({ fault }) => fault ?? ""],
]);

const KNOWN = new Map<string, readonly string[]>([
  ["kind", TASK_KINDS],
  ["split", SPLITS],
]);

/** Reads a selection. The problem names the part and what may stand there. */
export function parseSelection(
  text: string,
): { readonly ok: true; readonly selection: Selection } | { readonly ok: false; readonly problem: string } {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  const selections: Selection[] = [];
  for (const part of parts) {
    const [, key = "", operator = "", value = ""] = PART.exec(part) ?? [];
    if (key === "tier") {
      const number = Number(value);
      if (!Number.isInteger(number)) return { ok: false, problem: `"${part}": a tier is a number from 0 to 5` };
      selections.push((task) => compare(task.tier, operator, number));
      continue;
    }
    const textOf = TEXTS.get(key);
    if (!textOf) return { ok: false, problem: `"${part}": write KEY=VALUE with one of ${[...TEXTS.keys(), "tier"].join(", ")}` };
    if (operator !== "=" && operator !== "!=") return { ok: false, problem: `"${part}": only tier is compared; write = or !=` };
    const values = value.split(",");
    const allowed = KNOWN.get(key);
    const strange = allowed && values.find((one) => !allowed.includes(one));
    if (strange !== undefined) return { ok: false, problem: `"${part}": ${key} is one of ${allowed?.join(", ")}` };
    selections.push((task) => values.includes(textOf(task)) === (operator === "="));
  }
  return { ok: true, selection: (task) => selections.every((holds) => holds(task)) };
}

function compare(tier: number, operator: string, value: number): boolean {
  switch (operator) {
    case "<=":
      return tier <= value;
    case ">=":
      return tier >= value;
    case "<":
      return tier < value;
    case ">":
      return tier > value;
    case "!=":
      return tier !== value;
    default:
      return tier === value;
  }
}
