/** Variables in the strings of a check: `${system}`, `${base}`, `${out:AC-n.k}`; `$${` stands for a literal `${`. */

export type VariablePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "system" }
  | { readonly kind: "base" }
  /** Store path of check `index` (from 0) of criterion `ac`, which is a `nix-build`. */
  | { readonly kind: "out"; readonly ac: string; readonly index: number }
  | { readonly kind: "unknown"; readonly text: string; readonly message: string };

const ALLOWED = `allowed: \${system}, \${base}, \${out:AC-n.k}; write $\${ for a literal \${`;

/** Cuts a string into literal text and variables. Concatenating the text of all parts after expansion gives the final string. */
export function variablesOf(text: string): VariablePart[] {
  const parts: VariablePart[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$\$\{|\$\{(?:([^{}]*)\})?/g)) {
    if (match.index > from) parts.push({ kind: "text", text: text.slice(from, match.index) });
    parts.push(match[0] === "$${" ? { kind: "text", text: "${" } : variable(match[0], match[1]));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

function variable(text: string, name: string | undefined): VariablePart {
  if (name === "system") return { kind: "system" };
  if (name === "base") return { kind: "base" };
  const out = /^out:(AC-[1-9]\d*)\.(0|[1-9]\d{0,5})$/.exec(name ?? "");
  if (out?.[1] !== undefined && out[2] !== undefined) return { kind: "out", ac: out[1], index: Number(out[2]) };
  const shown = name === undefined ? "${ without a closing brace" : `unknown variable ${text}`;
  return { kind: "unknown", text, message: `${shown}; ${ALLOWED}` };
}

/** Values for `expandVariables`; `out` gives undefined when that build has no store path (yet). */
export interface VariableValues {
  readonly system: string;
  readonly base: string | undefined;
  readonly out: (ac: string, index: number) => string | undefined;
}

/** Fills in the variables of a string; an unfilled one is named in `missing`. */
export function expandVariables(text: string, values: VariableValues): { readonly text: string } | { readonly missing: string } {
  let result = "";
  for (const part of variablesOf(text)) {
    switch (part.kind) {
      case "text":
        result += part.text;
        break;
      case "system":
        result += values.system;
        break;
      case "base":
        if (values.base === undefined) return { missing: `\${base}` };
        result += values.base;
        break;
      case "out": {
        const path = values.out(part.ac, part.index);
        if (path === undefined) return { missing: `\${out:${part.ac}.${part.index}}` };
        result += path;
        break;
      }
      case "unknown":
        return { missing: part.text };
    }
  }
  return { text: result };
}
