import { type Binding, bind, type Code, key } from "../nix-syntax.ts";
import { bindingsOf, closing } from "./bindings.ts";
import type { OutputsSet } from "./flake-parts.ts";
import { nixTokens } from "./nix-tokens.ts";

/** Additions to a Nix file that somebody else wrote: whole bindings, in the indentation of their neighbours; nothing else changes. */

/** Blanks at the start of the line that holds an offset. */
function indentationAt(source: string, offset: number): string {
  const lineStart = source.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(source.slice(lineStart, offset))?.[0] ?? "";
}

const indentBy = (code: Code, blanks: string): Code =>
  code
    .split("\n")
    .map((line) => (line === "" ? line : `${blanks}${line}`))
    .join("\n");

/** Puts bindings before the closing brace at `close`. */
export function insertBindings(source: string, close: number, bindings: readonly Binding[]): string {
  const newline = source.includes("\r\n") ? "\r\n" : "\n";
  const outer = indentationAt(source, close);
  const lineStart = source.lastIndexOf("\n", close - 1) + 1;
  const code = indentBy(bindings.map((binding) => binding ?? "").join("\n"), `${outer}  `).replaceAll("\n", newline);
  const alone = source.slice(lineStart, close).trim() === "";
  if (alone) return `${source.slice(0, lineStart)}${newline}${code}${newline}${source.slice(lineStart)}`;
  return `${source.slice(0, close)}${newline}${code}${newline}${outer}${source.slice(close)}`;
}

export const addOutputs = (source: string, outputs: OutputsSet, bindings: readonly Binding[]): string =>
  bindings.length === 0 ? source : insertBindings(source, outputs.close, bindings);

/** Functions whose argument set describes a Rust build. */
const BUILDERS = new Set(["buildRustPackage", "buildPackage", "mkDerivation"]);

/** Offset of the argument set's opening token of each call of a builder, by token index. */
function builderCalls(source: string): { readonly tokens: ReturnType<typeof nixTokens>; readonly opens: readonly number[] } {
  const tokens = nixTokens(source);
  const opens = tokens.flatMap((token, index) => {
    if (token.kind !== "word" || !BUILDERS.has(token.text)) return [];
    const next = tokens[index + 1]?.text === "rec" ? index + 2 : index + 1;
    return tokens[next]?.text === "{" ? [next] : [];
  });
  return { tokens, opens };
}

/** Adds elements to a list argument of every builder call, or the argument itself; undefined where no call was found. */
export function addToBuilders(source: string, argument: string, elements: readonly Code[]): string | undefined {
  const count = builderCalls(source).opens.length;
  if (count === 0) return undefined;
  let text = source;
  // From the last call to the first, so that earlier offsets stay true.
  for (let call = count - 1; call >= 0; call -= 1) {
    const { tokens, opens } = builderCalls(text);
    const open = opens[call];
    if (open === undefined) return undefined;
    const bound = bindingsOf(tokens, open).find((binding) => binding.path.length === 1 && binding.path[0] === argument);
    const list = bound && tokens.findIndex((token, index) => index >= bound.from && index < bound.to && token.text === "[");
    if (bound && (list === undefined || list < 0)) return undefined;
    if (list !== undefined) {
      const end = closing(tokens, list);
      const present = tokens.slice(list, end).map((token) => token.text);
      const fresh = elements.filter((element) => !present.includes(element.split(".").at(-1) ?? element));
      const at = tokens[end]?.start ?? text.length;
      const gap = /\s$/.test(text.slice(0, at)) ? "" : " ";
      if (fresh.length > 0)
        text = `${text.slice(0, at).trimEnd()} ${fresh.join(" ")}${/\s*$/.exec(text.slice(0, at))?.[0] || gap}${text.slice(at)}`;
    } else {
      const close = tokens[closing(tokens, open)]?.start;
      if (close === undefined) return undefined;
      text = withoutBlankBefore(insertBindings(text, close, [bind(argument, `[ ${elements.join(" ")} ]`)]), argument);
    }
  }
  return text;
}

/** Adds `NAME = value;` to every builder call that does not bind it. */
export function addVariableToBuilders(source: string, name: string, value: Code): string | undefined {
  let text = source;
  const count = builderCalls(source).opens.length;
  if (count === 0) return undefined;
  for (let call = count - 1; call >= 0; call -= 1) {
    const { tokens, opens } = builderCalls(text);
    const open = opens[call];
    if (open === undefined || bindingsOf(tokens, open).some((binding) => binding.path[0] === name)) continue;
    const close = tokens[closing(tokens, open)]?.start;
    if (close !== undefined) text = withoutBlankBefore(insertBindings(text, close, [bind(key(name), value)]), name);
  }
  return text;
}

/** Arguments of a call stand together; the blank line that sets outputs apart is taken out again. */
const withoutBlankBefore = (text: string, name: string): string =>
  text.replace(new RegExp(`\\r?\\n(\\r?\\n[ \\t]*${name} = )`), "$1");
