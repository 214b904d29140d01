/** Dependency files in make's syntax, as rustc and C compilers write them. Pure. */

export interface MakeRules {
  readonly targets: readonly string[];
  readonly prerequisites: readonly string[];
  /** Variables of `# env-dep:` lines (rustc): what the source reads with `env!` and `option_env!`. */
  readonly variables: readonly string[];
}

export function parseMakeRules(text: string): MakeRules {
  const targets = new Set<string>();
  const prerequisites = new Set<string>();
  const variables = new Set<string>();
  for (const line of text.replaceAll(/\\\r?\n/gu, " ").split(/\r?\n/u)) {
    const variable = /^# env-dep:([^=]+)/u.exec(line)?.[1];
    if (variable !== undefined) variables.add(variable);
    if (line.startsWith("#")) continue;
    const found = words(line);
    const end = found.findIndex(({ colon }) => colon);
    // A target of its own without prerequisites is there for the case that a header vanishes; nobody makes it.
    if (end === -1 || found.length === end + 1) continue;
    for (const [at, { word }] of found.entries()) if (word !== "") (at <= end ? targets : prerequisites).add(word);
  }
  return { targets: [...targets], prerequisites: [...prerequisites], variables: [...variables] };
}

/** Blanks end a word unless a backslash stands before them; `$$` is a dollar, `\#` a hash; a colon before a blank ends the targets. */
function words(line: string): readonly { readonly word: string; readonly colon: boolean }[] {
  const found: { word: string; colon: boolean }[] = [];
  let word = "";
  let past = false;
  for (let at = 0; at < line.length; at++) {
    const [char = "", next] = [line[at], line[at + 1]];
    if (char === "\\" && next !== undefined && " #:\\".includes(next)) {
      // A backslash is itself unless it guards something; two of them before a blank guard nothing.
      word += next === "\\" && line[at + 2] !== " " ? "\\\\" : next;
      at++;
    } else if (char === "$" && next === "$") {
      word += "$";
      at++;
    } else if (char === ":" && !past && (next === undefined || next === " " || next === "\t")) {
      found.push({ word, colon: true });
      word = "";
      past = true;
    } else if (char === " " || char === "\t") {
      if (word !== "") found.push({ word, colon: false });
      word = "";
    } else word += char;
  }
  if (word !== "") found.push({ word, colon: false });
  return found;
}
