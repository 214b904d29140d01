import { z } from "zod";

/**
 * What a Makefile says, read and never run: variables, rules, and from them the programs that the first goal links. Functions of make,
 * conditionals and included files are not followed; a name that needs them keeps its dollar, so that whoever uses it can say so.
 */

export interface MakeRule {
  readonly target: string;
  readonly prerequisites: readonly string[];
  /** As written, without the tab. */
  readonly recipe: readonly string[];
  /** From 1. */
  readonly line: number;
}

export interface Makefile {
  /** The last assignment of each name wins, as in make. */
  readonly variables: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly rules: readonly MakeRule[];
}

const ASSIGNMENT = /^(?:export\s+|override\s+)*(?<name>[A-Za-z_][\w.-]*)\s*(?<operator>\?|\+|::?:?|!)?=\s*(?<value>.*)$/;
/** Deeper than any Makefile nests its variables on purpose; a cycle ends here. */
const MAX_DEPTH = 12;
/** Characters that the variables of one text may put in. */
const MAX_EXPANDED = 20_000;

export function readMakefile(text: string): Makefile {
  const variables = new Map<string, { value: string; line: number }>();
  const rules: { targets: string; prerequisites: string; recipe: string[]; line: number }[] = [];
  let open = false;
  for (const { text: raw, line } of logicalLines(text)) {
    if (raw.startsWith("\t")) {
      if (open) rules.at(-1)?.recipe.push(raw.trim());
      continue;
    }
    const content = raw.replace(/(?<!\\)#.*$/u, "").trim();
    if (content === "") continue;
    open = false;
    const assigned = ASSIGNMENT.exec(content)?.groups;
    if (assigned?.name !== undefined) {
      const { name, operator, value = "" } = assigned;
      const before = variables.get(name);
      if (operator === "?" && before) continue;
      variables.set(name, operator === "+" && before ? { ...before, value: `${before.value} ${value}` } : { value, line });
      continue;
    }
    const rule = /^(?<targets>[^:=]+)::?(?!=)(?<rest>.*)$/.exec(content)?.groups;
    if (rule?.targets === undefined) continue;
    const [prerequisites = "", ...recipe] = (rule.rest ?? "").split(";");
    // A variable of one target: `debug: CFLAGS += -g`.
    if (ASSIGNMENT.test(prerequisites.trim())) continue;
    rules.push({ targets: rule.targets, prerequisites, recipe: recipe.map((command) => command.trim()), line });
    open = true;
  }
  const of = (words: string): readonly string[] =>
    expand(words, variables)
      .split(/\s+/)
      .filter((word) => word !== "");
  return {
    variables,
    rules: rules.flatMap(({ targets, prerequisites, recipe, line }) =>
      of(targets).map((target) => ({ target, prerequisites: of(prerequisites).filter((word) => word !== "|"), recipe, line })),
    ),
  };
}

/** Lines with those joined that end in a backslash, each with the number of its first. */
function logicalLines(text: string): readonly { readonly text: string; readonly line: number }[] {
  const joined: { text: string; line: number }[] = [];
  let continued = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const ends = /(?<!\\)\\$/.test(line);
    const content = ends ? line.slice(0, -1) : line;
    const last = joined.at(-1);
    if (continued && last) last.text += ` ${content.trim()}`;
    else joined.push({ text: content, line: index + 1 });
    continued = ends;
  }
  return joined;
}

const REFERENCE = /\$(?:\((?<round>[\w.-]+)(?::(?<from>[^=()]*)=(?<to>[^()]*))?\)|\{(?<curly>[\w.-]+)\})/g;

/** References to variables replaced; what is not known, asks for a function, or would never end, stays as it is. */
export function expand(text: string, variables: Makefile["variables"]): string {
  let left = MAX_EXPANDED;
  const put = (part: string, depth: number): string =>
    part.replace(REFERENCE, (whole: string, ...rest: unknown[]) => {
      const { round, curly, from, to } = groupsSchema.parse(rest.at(-1));
      const found = variables.get(round ?? curly ?? "");
      left -= 1 + (found?.value.length ?? 0);
      if (!found || depth > MAX_DEPTH || left < 0) return whole;
      const value = put(found.value, depth + 1);
      if (from === undefined || to === undefined) return value;
      const suffix = from.replace(/^%/, "");
      return value
        .split(/\s+/)
        .map((word) => (word.endsWith(suffix) ? `${word.slice(0, word.length - suffix.length)}${to.replace(/^%/, "")}` : word))
        .join(" ");
    });
  return put(text, 0);
}

const groupsSchema = z.object({
  round: z.string().optional(),
  curly: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

const OBJECT = /\.(?:o|a|so|dylib|c|h|d|1|S|s|in)$|\.so\./;

/** Programs that the first goal leads to, each with the line of its rule; `hasSource` tells of files for make's own rules. */
export function programsOf(
  { rules, variables }: Makefile,
  hasSource: (path: string) => boolean,
): readonly { readonly name: string; readonly line: number }[] {
  const byTarget = Map.groupBy(rules, ({ target }) => target);
  const goal = byTarget.has("all") ? "all" : rules.find(({ target }) => !/^\.|%|\$/.test(target))?.target;
  const seen = new Set<string>();
  const found: { name: string; line: number }[] = [];
  const visit = (target: string, line: number): void => {
    if (seen.has(target)) return;
    seen.add(target);
    const own = byTarget.get(target) ?? [];
    const at = own.find(({ recipe }) => recipe.length > 0)?.line ?? own[0]?.line ?? line;
    if (!OBJECT.test(target) && links(target, own)) found.push({ name: target, line: at });
    for (const rule of own) for (const name of rule.prerequisites) visit(name, rule.line);
  };
  const links = (target: string, own: readonly MakeRule[]): boolean => {
    const recipe = own.flatMap((rule) => rule.recipe);
    if (recipe.length > 0) return recipe.some((command) => isLinking(command, variables, target));
    const objects = own.flatMap((rule) => rule.prerequisites).filter((name) => /\.[oc]$/.test(name));
    return objects.some((name) => name.slice(0, -2) === target) || (target !== "all" && hasSource(`${target}.c`));
  };
  if (goal !== undefined) visit(goal, 1);
  return found;
}

/** A call of the compiler that makes this target and no object or library. */
function isLinking(command: string, variables: Makefile["variables"], target: string): boolean {
  const text = expand(command, variables);
  const compiles = /(?:^|[\s@-])(?:\$[({](?:CC|LD|LINK\.[co])[)}]|cc|gcc|clang|c99)(?=\s)/.test(` ${text}`);
  const out = /\s-o\s*(?<out>\S+)/.exec(text)?.groups?.out;
  return compiles && !/\s(?:-c|-shared|-dynamiclib)(?=\s|$)/.test(text) && (out === "$@" || out === target);
}

/** Texts of a rule and of every variable that it leads to. */
export function reachOf({ rules, variables }: Makefile, target: string): string {
  const names = new Set<string>();
  const follow = (text: string): void => {
    for (const { groups } of text.matchAll(/\$[({](?<name>[\w.-]+)/g)) {
      const name = groups?.name ?? "";
      if (names.has(name)) continue;
      names.add(name);
      follow(variables.get(name)?.value ?? "");
    }
  };
  follow(rules.flatMap((rule) => (rule.target === target ? rule.recipe : [])).join("\n"));
  return [...names].join(" ");
}
