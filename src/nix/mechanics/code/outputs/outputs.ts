import type { Diagnosis } from "../../../diagnosis.ts";
import { bindingsBetween, bindingsOf, closing } from "../../../recipes/existing/bindings.ts";
import { flakeParts } from "../../../recipes/existing/flake-parts.ts";
import { insertBindings } from "../../../recipes/existing/insert-bindings.ts";
import { type NixToken, nixTokens, plainString } from "../../../recipes/existing/nix-tokens.ts";
import { bind, path, string } from "../../../recipes/nix-syntax.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";
import { isInScope } from "../edit/in-scope.ts";
import { boundNames } from "../edit/uses.ts";

/** Outputs that are missing although what they stand for is there: a system of the list, the name `default`. */

const SYSTEM = /^(?:x86_64|aarch64|i686|armv[67]l|riscv64)-(?:linux|darwin)$/u;

export function addOutput(diagnosis: Diagnosis, place: CodePlace): CodeEdit | undefined {
  if (diagnosis.kind !== "missing-output") return undefined;
  // What is asked of an output stands behind it.
  const wanted = diagnosis.attribute.replace(/\.(?:drvPath|outPath|program|name)$/u, "");
  const [kind, system, name, ...more] = SYSTEM.test(wanted) ? [undefined, wanted] : wanted.split(".");
  if (system === undefined || !SYSTEM.test(system) || more.length > 0) return undefined;
  const files = place.files.filter(({ path: file }) => file === "flake.nix");
  return (
    inOneFile(files, (file) => withSystem(file, system)) ??
    (kind !== undefined && name === "default" ? inOneFile(files, (file) => withDefault(file, kind, system, place)) : undefined)
  );
}

/** Adds a system to the flake's one list of systems. */
function withSystem({ text }: CodeFile, system: string): Omit<CodeEdit, "path"> | undefined {
  const tokens = nixTokens(text);
  const lists = tokens.flatMap((token, index) => {
    const values = token.text === "[" ? tokens.slice(index + 1, closing(tokens, index)).map(plainString) : [];
    const systems = values.flatMap((value) => (value !== undefined && SYSTEM.test(value) ? [value] : []));
    return systems.length > 0 && systems.length === values.length ? [{ index, systems }] : [];
  });
  const [only, ...others] = lists;
  if (!only || others.length > 0 || only.systems.includes(system)) return undefined;
  const last = tokens[closing(tokens, only.index) - 1];
  if (!last) return undefined;
  const lineStart = text.lastIndexOf("\n", last.start - 1) + 1;
  const alone = text.slice(lineStart, last.start).trim() === "";
  const gap = alone ? `${text.includes("\r\n") ? "\r\n" : "\n"}${text.slice(lineStart, last.start)}` : " ";
  return {
    name: "add-system",
    after: `${text.slice(0, last.end)}${gap}${string(system)}${text.slice(last.end)}`,
    what: `${system} is one of the systems`,
  };
}

/** Gives the one package (or the one that is called like the crate) the name `default` too. */
function withDefault({ text }: CodeFile, kind: string, system: string, place: CodePlace): Omit<CodeEdit, "path"> | undefined {
  if (kind !== "packages" && kind !== "devShells" && kind !== "apps") return undefined;
  if (!boundNames(text).has("self") || flakeParts(text).outputs?.arguments.includes("self") !== true) return undefined;
  const edit = (after: string, name: string): Omit<CodeEdit, "path"> => ({
    name: "add-output",
    after,
    what: `${kind}.${system}.default is ${name}`,
  });
  const tokens = nixTokens(text);
  const sets = setsOf(tokens, kind);
  const [set] = sets;
  if (set && sets.length === 1) {
    const name = chosen(
      bindingsOf(tokens, set.open).map(({ path: [first] }) => first),
      place,
    );
    const close = tokens[closing(tokens, set.open)]?.start;
    const inner = set.system ?? systemAt(tokens, set.open);
    if (name === undefined || close === undefined || inner === undefined) return undefined;
    return edit(insertBindings(text, close, [bind("default", `self.${kind}.${inner}.${path(name)}`)]), name);
  }
  const perSystem = flakeParts(text).outputs?.kind === "perSystem" && boundNames(text).has("system");
  const direct = directBindings(tokens, kind, perSystem ? 2 : 3);
  const name = chosen(
    direct.map(({ name: each }) => each),
    place,
  );
  const found = direct.find((each) => each.name === name);
  if (!found || name === undefined) return undefined;
  const left = text.slice(found.start, found.equals).trimEnd();
  const base = left.slice(0, left.lastIndexOf("."));
  const whole = perSystem ? `${base}.\${system}` : base;
  const depth = /^[ \t]*/u.exec(text.slice(text.lastIndexOf("\n", found.start - 1) + 1))?.[0] ?? "";
  const bound = bind("default", `self.${whole}.${path(name)}`);
  // Nix merges paths of plain names only: `packages.${system}` cannot be written twice in one set.
  const after = base.includes("${")
    ? `${base} = {\n${depth}  ${left.slice(base.length + 1)} ${text.slice(found.equals, found.end)}\n${depth}  ${bound}\n${depth}};`
    : `${text.slice(found.start, found.end)}\n${depth}${base}.${bound}`;
  return edit(`${text.slice(0, found.start)}${after}${text.slice(found.end)}`, name);
}

/** How code at a token may name the system it is for. */
function systemAt(tokens: readonly NixToken[], at: number): string | undefined {
  if (isInScope(tokens, at, "system")) return `\${system}`;
  return isInScope(tokens, at, "pkgs") ? `\${pkgs.stdenv.hostPlatform.system}` : undefined;
}

/** The only name, or the one of the root package among several; not when one is `default` already. */
function chosen(names: readonly (string | undefined)[], { rootPackage }: CodePlace): string | undefined {
  if (names.includes(undefined) || names.includes("default")) return undefined;
  const [only, ...others] = names;
  return others.length === 0 ? only : names.find((name) => name === rootPackage);
}

/**
 * The set of packages by name: `packages = each (system: { … })`, `packages.SYSTEM = { … }`, and in the body of eachSystem
 * `packages = { … }`, each with a `let` or not. `system`: how the file writes the system that the set is for, where it is written.
 */
function setsOf(
  tokens: readonly NixToken[],
  kind: string,
): readonly { readonly open: number; readonly system: string | undefined }[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== "word" || token.text !== kind || tokens[index - 1]?.text === ".") return [];
    const equals = tokens.findIndex((next, at) => at > index && next.text === "=");
    const between = tokens.slice(index + 1, equals);
    if (equals < 0 || between.some(({ text }) => text === ";" || (text === "{" && tokens[equals - 1]?.text !== "}"))) return [];
    const system = systemOf(between);
    if (between.length > 0 && system === undefined) return [];
    const open = bodySet(tokens, equals + 1);
    return open === undefined ? [] : [{ open, system }];
  });
}

/** `.${system}` or `.x86_64-linux` or `."x86_64-linux"` between the kind and `=`. */
function systemOf(between: readonly NixToken[]): string | undefined {
  const texts = between.map(({ text }) => text);
  if (texts.join("") === ".${system}") return "${system}";
  const [dot, name, ...more] = between;
  if (dot?.text !== "." || !name || more.length > 0) return undefined;
  const plain = name.kind === "string" ? plainString(name) : name.text;
  return plain !== undefined && SYSTEM.test(plain) ? plain : undefined;
}

/** The set that a value is, or that the function in parentheses at its end returns. */
function bodySet(tokens: readonly NixToken[], from: number): number | undefined {
  let at = from;
  // A function application with one function in parentheses.
  while (tokens[at]?.kind === "word" && !/^(?:let|rec|with|if|in)$/u.test(tokens[at]?.text ?? ""))
    at += tokens[at + 1]?.text === "." ? 2 : 1;
  if (tokens[at]?.text === "[") at = closing(tokens, at) + 1;
  if (tokens[at]?.text === "(") {
    const end = closing(tokens, at);
    at += 1;
    while (tokens[at]?.kind === "word" && tokens[at + 1]?.text === ":") at += 2;
    if (tokens[at]?.text === "{" && tokens[closing(tokens, at) + 1]?.text === ":") at = closing(tokens, at) + 2;
    at = behindLet(tokens, at);
    return tokens[at]?.text === "{" && closing(tokens, at) === end - 1 ? at : undefined;
  }
  at = behindLet(tokens, at);
  if (tokens[at]?.text === "rec") at += 1;
  return tokens[at]?.text === "{" && tokens[closing(tokens, at) + 1]?.text === ";" ? at : undefined;
}

function behindLet(tokens: readonly NixToken[], from: number): number {
  if (tokens[from]?.text !== "let") return from;
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.kind !== "word") continue;
    if (tokens[at]?.text === "let") depth += 1;
    if (tokens[at]?.text === "in") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return from;
}

/**
 * `packages.SYSTEM.NAME = …;` as whole bindings.
 * @param words of the path; 2 in the body of eachSystem, which writes `packages.NAME`
 */
function directBindings(
  tokens: readonly NixToken[],
  kind: string,
  words: 2 | 3,
): readonly { readonly name: string | undefined; readonly start: number; readonly equals: number; readonly end: number }[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== "word" || token.text !== kind || tokens[index - 1]?.text === "." || tokens[index + 1]?.text !== ".")
      return [];
    const equals = tokens.findIndex((next, at) => at > index && next.text === "=");
    const last = tokens[equals - 1];
    if (equals < 0 || !last || tokens.slice(index, equals).some(({ text: word }) => word === ";")) return [];
    const [binding] = bindingsBetween(tokens, index, tokens.length);
    const semicolon = binding && tokens[binding.to];
    if (binding?.path.length !== words || semicolon?.text !== ";") return [];
    return [{ name: binding.path[words - 1], start: token.start, equals: tokens[equals]?.start ?? 0, end: semicolon.end }];
  });
}
