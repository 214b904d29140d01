import { attributeNameAt, type NixToken, tokenize, withoutComments } from "../tokenize.ts";
import type { Occurrence } from "./patterns.ts";
import { shellOccurrences, unheardTests } from "./shell/shell-text.ts";

/** Weakenings in Nix: settings of derivations in code, shell lines in strings. */

const SETTINGS: readonly (readonly [name: RegExp, value: string, pattern: Occurrence["pattern"]])[] = [
  [/^(?:doCheck|doInstallCheck|useNextest|cargoTest)$/u, "false", "doCheck = false"],
  [/^(?:dontCargoCheck|dontCheck)$/u, "true", "doCheck = false"],
  [/^(?:allowBroken|allowUnsupportedSystem)$/u, "true", "allowBroken"],
  [/^allow-import-from-derivation$/u, "true", "import from derivation"],
];

/** A shell text that does nothing but make its output. */
const IDLE = /^(?:mkdir(?: -p)? .*|touch .*|(?:echo|printf) .*|:|true|set -[a-z]+|cp -r? ?\/dev\/null .*|exit 0)$/u;

/** `echo ${tested} > $out`: it waits for the derivation that it names. */
const PRINTS_A_PATH = /^(?:echo|printf) (?:[^>]*[\s"'])?PROGRAM(?:["'\s]|$)/u;

/** Every name that is bound somewhere in the code. */
export function boundNames(source: string): readonly string[] {
  const tokens = withoutComments(tokenize(source));
  return tokens.flatMap((_, index) => {
    const attribute = attributeNameAt(tokens, index);
    return attribute && tokens[attribute.next]?.text === "=" ? [attribute.name] : [];
  });
}

export function nixWeakenings(source: string): readonly Occurrence[] {
  const tokens = withoutComments(tokenize(source));
  return [...settings(tokens), ...strings(tokens)];
}

function settings(tokens: readonly NixToken[]): readonly Occurrence[] {
  return tokens.flatMap((_, index) => {
    const attribute = attributeNameAt(tokens, index);
    const value = attribute && tokens[attribute.next]?.text === "=" ? tokens[attribute.next + 1] : undefined;
    if (!attribute || !value) return [];
    const { name } = attribute;
    return SETTINGS.filter(([pattern, text]) => pattern.test(name) && value.text === text).map(([, , pattern]) => ({
      pattern,
      line: value.line,
      key: name,
    }));
  });
}

/** Each whole string, with its antiquotations shown as a program that does something. */
function strings(tokens: readonly NixToken[]): readonly Occurrence[] {
  return wholeStrings(tokens).flatMap(({ text, line, isAttribute, attribute }) => {
    const commands = text
      .split(/\n|;(?=\s)|&&/u)
      .map((command) => command.trim())
      .filter((command) => command !== "" && !command.startsWith("#"));
    const stub =
      !isAttribute &&
      !(attribute !== undefined && LAYOUT_PHASES.has(attribute)) &&
      commands.length > 0 &&
      commands.some((command) => /\$\{?out\b/u.test(command)) &&
      commands.every((command) => IDLE.test(command));
    const found = [...shellOccurrences(text, line), ...(isAttribute ? [] : unheardTests(text, line))];
    const noChecks = !isAttribute && attribute === "checkPhase" && commands.every((command) => IDLE.test(command));
    const joins = !noChecks && commands.some((command) => PRINTS_A_PATH.test(command));
    const skips = /(?:^|\s)(?:--skip(?:[= ]|$)|--no-run(?=\s|$))/u.test(text)
      ? [{ pattern: "test skipped", line, key: text.trim() } as const]
      : [];
    return [
      ...found,
      ...skips,
      ...(stub || noChecks
        ? [{ pattern: "stub builder", line, key: commands.join("\n"), ...(joins && { joins }) } as const]
        : []),
    ];
  });
}

export interface WholeString {
  readonly text: string;
  readonly line: number;
  /** It is a name (`"a.b" = …`), not a value. */
  readonly isAttribute: boolean;
  /** The attribute it is the value of, where it stands right behind `NAME =`. */
  readonly attribute: string | undefined;
  /** Index of its first token. */
  readonly at: number;
}

/** Phases that only lay out what an earlier phase built or tested: an idle one says nothing (the checks judge the evaluated builder). */
const LAYOUT_PHASES: ReadonlySet<string> = new Set(["installPhase", "preInstall", "postInstall", "fixupPhase"]);

export function wholeStrings(tokens: readonly NixToken[]): readonly WholeString[] {
  const strings: WholeString[] = [];
  const open: {
    text: string;
    readonly line: number;
    readonly depth: number;
    hole: boolean;
    readonly attribute: string | undefined;
    readonly at: number;
  }[] = [];
  tokens.forEach((token, index) => {
    const top = open.at(-1);
    if (token.kind === "quote" && (top === undefined || top.hole)) {
      const attribute = tokens[index - 1]?.text === "=" ? tokens[index - 2]?.text : undefined;
      open.push({ text: "", line: token.line, depth: token.depth, hole: false, attribute, at: index });
    } else if (top && token.kind === "quote") {
      open.pop();
      strings.push({
        text: top.text,
        line: top.line,
        isAttribute: /^[=.]$/u.test(tokens[index + 1]?.text ?? ""),
        attribute: top.attribute,
        at: top.at,
      });
    } else if (top && token.kind === "antiquotation" && !top.hole) {
      top.hole = true;
      top.text += "PROGRAM";
    } else if (top?.hole && token.kind === "antiquotation" && token.text === "}" && token.depth === top.depth + 1) {
      top.hole = false;
    } else if (top && !top.hole && token.kind === "text") {
      top.text += token.value ?? "";
    }
  });
  return strings;
}

/** Name of the function whose argument is the attribute set around a token: `symlinkJoin` in `pkgs.symlinkJoin { … }`. */
export function functionAround(tokens: readonly NixToken[], from: number): string | undefined {
  for (let at = from - 1, level = 0; at > 0; at--) {
    const { text, kind } = tokens[at] ?? { text: "", kind: "symbol" };
    if (kind !== "symbol") continue;
    if (/^[)\]}]$/u.test(text)) level += 1;
    if (!/^[([{]$/u.test(text)) continue;
    if (level > 0) level -= 1;
    else return text === "{" && tokens[at - 1]?.kind === "identifier" ? tokens[at - 1]?.text : undefined;
  }
  return undefined;
}

/**
 * Names bound directly in a `checks` set: `checks.SYSTEM.NAME = …`, `checks = { NAME = …; }`, also behind a function of the system
 * (`checks = forAllSystems (system: { … })`) and behind `let … in`.
 */
export function checkNames(source: string): readonly string[] {
  const tokens = withoutComments(tokenize(source));
  const closing = closings(tokens);
  return tokens.flatMap((token, index) => {
    if (
      attributeNameAt(tokens, index)?.name !== "checks" ||
      tokens[index - 1]?.text === "." ||
      tokens[index - 1]?.text === "inherit" ||
      token.kind === "antiquotation"
    )
      return [];
    const path: string[] = [];
    let at = attributeNameAt(tokens, index)?.next ?? index + 1;
    while (tokens[at]?.text === ".") {
      const part = attributeNameAt(tokens, at + 1);
      path.push(part?.name ?? "${…}");
      at = part?.next ?? at + dynamicLength(tokens, at);
    }
    if (tokens[at]?.text !== "=") return [];
    const last = path.at(-1);
    return path.length >= 2 && last !== undefined ? [last] : setNames(tokens, at + 1, closing);
  });
}

/** Tokens of `.${system}`. */
function dynamicLength(tokens: readonly NixToken[], at: number): number {
  const end = tokens.findIndex((token, index) => index > at && token.kind === "antiquotation" && token.text === "}");
  return end === -1 ? 1 : end - at + 1;
}

const SYSTEM = /^(?:x86_64|aarch64|i686|armv[67]l|riscv64|powerpc64le)-(?:linux|darwin)$/u;

/** Names of the first attribute set that an expression holds; the set of a lambda's formals, of a `let` and of an argument before it is not it. */
function setNames(tokens: readonly NixToken[], start: number, closing: Closing): readonly string[] {
  for (let at = start, level = 0; at < tokens.length; at++) {
    const text = tokens[at]?.text;
    if (text === ";" && level <= 0) return [];
    if (text === "let") level += 1;
    if (text === "in") level -= 1;
    if (text !== "{" || tokens[at]?.kind !== "symbol") continue;
    const end = closing(at);
    const formals = tokens[end + 1]?.text === ":" || tokens[end + 1]?.text === "@" || tokens[at - 1]?.text === "@";
    if (formals || level > 0) at = end;
    else return namesInSet(tokens, at, end, closing);
  }
  return [];
}

/** The index of the bracket that closes the one at an index; the number of tokens where none does. */
type Closing = (open: number) => number;

function closings(tokens: readonly NixToken[]): Closing {
  const ends = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ text, kind }, at) => {
    if (kind !== "symbol") return;
    if (/^[([{]$/u.test(text)) open.push(at);
    const start = /^[)\]}]$/u.test(text) ? open.pop() : undefined;
    if (start !== undefined) ends.set(start, at);
  });
  return (start) => ends.get(start) ?? tokens.length;
}

/** Names bound at the set's own level; below a system's name one level deeper. */
function namesInSet(tokens: readonly NixToken[], open: number, end: number, closing: Closing): readonly string[] {
  const names: string[] = [];
  for (let at = open + 1; at < end; ) {
    if (tokens[at]?.text === "inherit") {
      at++;
      if (tokens[at]?.text === "(") at = closing(at) + 1;
      for (; tokens[at]?.text !== ";" && at < end; at++)
        if (tokens[at]?.kind === "identifier") names.push(tokens[at]?.text ?? "");
      at++;
      continue;
    }
    const name = attributeNameAt(tokens, at);
    if (name && SYSTEM.test(name.name) && tokens[name.next]?.text === "=")
      names.push(...setNames(tokens, name.next + 1, closing));
    else if (name && SYSTEM.test(name.name) && tokens[name.next]?.text === ".") {
      const inner = attributeNameAt(tokens, name.next + 1);
      if (inner) names.push(inner.name);
    } else if (name) names.push(name.name);
    for (; at < end; at++) {
      const text = tokens[at]?.kind === "symbol" ? tokens[at]?.text : "";
      if (text === "(" || text === "[" || text === "{") at = closing(at);
      else if (text === ";") break;
    }
    at++;
  }
  return names;
}
