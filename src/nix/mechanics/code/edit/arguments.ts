import { bindingsOf, closing, type FoundBinding } from "../../../recipes/existing/bindings.ts";
import { insertBindings } from "../../../recipes/existing/insert-bindings.ts";
import { type NixToken, nixTokens } from "../../../recipes/existing/nix-tokens.ts";
import { bind, type Code, key } from "../../../recipes/nix-syntax.ts";

/** Arguments of a builder's set: elements of its lists and whole bindings, in the form that stands there. */

interface SetAt {
  readonly tokens: readonly NixToken[];
  readonly open: number;
  readonly close: number;
}

function setAt(source: string, open: number): SetAt | undefined {
  const tokens = nixTokens(source);
  const at = tokens.findIndex(({ start }) => start === open);
  const close = at < 0 ? undefined : tokens[closing(tokens, at)]?.start;
  return close === undefined ? undefined : { tokens, open: at, close };
}

const bindingOf = ({ tokens, open }: SetAt, name: string): FoundBinding | undefined =>
  bindingsOf(tokens, open).find(({ path }) => path.length === 1 && path[0] === name);

/** Adds `NAME = VALUE;` to the set that opens at an offset, below lines of comment; undefined where the set has the name already. */
export function addBinding(
  source: string,
  open: number,
  name: string,
  value: Code,
  comment: readonly string[] = [],
): string | undefined {
  const set = setAt(source, open);
  if (!set || bindingsOf(set.tokens, set.open).some(({ path }) => path[0] === name)) return undefined;
  const text = insertBindings(source, set.close, [...comment.map((line) => `# ${line}`), bind(key(name), value)]);
  // Arguments of a call stand together; the blank line that sets outputs apart is taken out again.
  const line = source.lastIndexOf("\n", set.close - 1) + 1;
  const blank = /^\r?\n/u.exec(text.slice(line));
  return blank ? text.slice(0, line) + text.slice(line + blank[0].length) : text;
}

/** An attribute of nixpkgs as an element: `pkg-config`, and whether it exists on Linux or Darwin alone. */
export interface Element {
  readonly attribute: string;
  readonly only?: "linux" | "darwin";
}

/** How this file names a package: `pkgs.` before it, or nothing where it is an argument. */
export interface Naming {
  readonly prefix: string;
  /** The systems include others than Linux, so that an element for one of them needs a condition. */
  readonly severalPlatforms: boolean;
}

/** Adds elements to a list argument of the set, or the argument; undefined where its value has no list that could be added to. */
export function addElements(
  source: string,
  open: number,
  argument: string,
  elements: readonly Element[],
  naming: Naming,
): string | undefined {
  const set = setAt(source, open);
  if (!set || elements.length === 0) return source;
  const bound = bindingOf(set, argument);
  if (!bound) {
    if (bindingsOf(set.tokens, set.open).some(({ path }) => path[0] === argument)) return undefined;
    return addBinding(source, open, argument, listOf(elements, naming));
  }
  const value = set.tokens.slice(bound.from, bound.to);
  const present = new Set(value.map(({ text }) => text));
  const fresh = elements.filter(({ attribute }) => !present.has(attribute.split(".").at(-1) ?? attribute));
  if (fresh.length === 0) return source;
  const everywhere = fresh.filter((element) => !conditional(element, naming));
  const list = listToken(value);
  // A condition belongs behind the list; without a list of its own the value is joined with one.
  if (!list || everywhere.length < fresh.length) {
    const end = value.at(-1)?.end;
    if (end === undefined || value.some(({ kind, text }) => kind === "word" && /^(?:if|let|with|assert)$/u.test(text)) === true)
      return list && everywhere.length > 0
        ? intoList(source, set.tokens, bound.from + value.indexOf(list), value, everywhere, naming)
        : undefined;
    return `${source.slice(0, end)} ++ ${listOf(fresh, naming)}${source.slice(end)}`;
  }
  return intoList(source, set.tokens, bound.from + value.indexOf(list), value, fresh, naming);
}

const conditional = ({ only }: Element, { severalPlatforms }: Naming): boolean => only !== undefined && severalPlatforms;

/** The opening bracket of the value's own list: the first operand of `++` that is one, `with pkgs;` before it or not. */
function listToken(value: readonly NixToken[]): NixToken | undefined {
  const behindWith = value[0]?.text === "with" ? value.findIndex(({ text }) => text === ";") + 1 : 0;
  if (value[behindWith]?.text === "[") return value[behindWith];
  let depth = 0;
  for (const [index, token] of value.entries()) {
    if (token.kind !== "mark") continue;
    if (/^[{(]$/u.test(token.text)) depth += 1;
    if (/^[})]$/u.test(token.text)) depth -= 1;
    if (token.text === "[" && depth === 0 && value[index - 1]?.text === "+") return token;
  }
  return undefined;
}

function intoList(
  source: string,
  tokens: readonly NixToken[],
  open: number,
  value: readonly NixToken[],
  elements: readonly Element[],
  naming: Naming,
): string {
  const close = tokens[closing(tokens, open)]?.start ?? source.length;
  const set = naming.prefix === "" ? "pkgs" : naming.prefix.slice(0, -1);
  const bare = value[0]?.text === "with" && value[1]?.text === set && value[2]?.text === ";";
  const names = elements.map(({ attribute }) => `${bare ? "" : naming.prefix}${attribute}`);
  const last = tokens[closing(tokens, open) - 1];
  const before = source.slice(0, close);
  const lineStart = before.lastIndexOf("\n") + 1;
  // The bracket stands on a line of its own: one element a line, as deep as the last one.
  if (before.slice(lineStart).trim() === "" && last && last.text !== "[") {
    const depth = /^[ \t]*/u.exec(source.slice(source.lastIndexOf("\n", last.start - 1) + 1))?.[0] ?? "";
    const newline = source.includes("\r\n") ? "\r\n" : "\n";
    return `${before.slice(0, lineStart)}${names.map((name) => `${depth}${name}${newline}`).join("")}${source.slice(lineStart)}`;
  }
  return `${before.trimEnd()} ${names.join(" ")} ${source.slice(close)}`;
}

function listOf(elements: readonly Element[], naming: Naming): Code {
  const plain = elements
    .filter((element) => !conditional(element, naming))
    .map(({ attribute }) => `${naming.prefix}${attribute}`);
  const rest = (["linux", "darwin"] as const).flatMap((platform) => {
    const here = elements.filter((element) => conditional(element, naming) && element.only === platform);
    if (here.length === 0) return [];
    const condition = `${naming.prefix}stdenv.hostPlatform.${platform === "linux" ? "isLinux" : "isDarwin"}`;
    return [
      `${naming.prefix}lib.optionals ${condition} [ ${here.map(({ attribute }) => `${naming.prefix}${attribute}`).join(" ")} ]`,
    ];
  });
  return [...(plain.length > 0 || rest.length === 0 ? [`[ ${plain.join(" ")} ]`] : []), ...rest].join(" ++ ");
}
