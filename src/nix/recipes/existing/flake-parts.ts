import { bindingsBetween, bindingsOf, closing, type FoundBinding } from "./bindings.ts";
import { type NixToken, nixTokens, plainString } from "./nix-tokens.ts";

/** What a flake that somebody else wrote declares, as far as its text shows it without evaluation. */

export interface FlakeParts {
  readonly description?: string;
  /** Inputs with a literal address, in their order. */
  readonly inputs: ReadonlyMap<string, ExistingInput>;
  /** Systems in the first list of literal system names. */
  readonly systems: readonly string[];
  /** Offset of the closing brace of `inputs = { … }`, where they stand in one set. */
  readonly inputsClose?: number;
  readonly outputs?: OutputsSet;
}

export interface ExistingInput {
  readonly url: string;
  /** Offsets of the string literal that holds it. */
  readonly literal: { readonly start: number; readonly end: number };
  readonly follows: Readonly<Record<string, string>>;
}

/** The attribute set that `outputs` returns. */
export interface OutputsSet {
  /** `perSystem`: the set is the body of flake-utils' eachSystem, so its attributes carry no system. */
  readonly kind: "plain" | "perSystem";
  /** Offset of its closing brace in the source. */
  readonly close: number;
  /** Attribute paths bound in it. */
  readonly names: readonly (readonly (string | undefined)[])[];
  /** Names of the arguments of `outputs`. */
  readonly arguments: readonly string[];
  /** Whether the arguments end in `...`, or are one name for all. */
  readonly takesMore: boolean;
  /** Whether a variable of that name is bound before the set. */
  readonly binds: (name: string) => boolean;
}

const SYSTEM = /^(?:x86_64|aarch64|i686|armv[67]l|riscv64)-(?:linux|darwin)$/;

export function flakeParts(source: string): FlakeParts {
  const tokens = nixTokens(source);
  const open = tokens.findIndex((token) => token.text === "{");
  const top = open < 0 ? [] : bindingsOf(tokens, open);
  const description = top.find((binding) => binding.path.length === 1 && binding.path[0] === "description");
  const text = description && stringValue(tokens, description);
  const outputs = top.find((binding) => binding.path.length === 1 && binding.path[0] === "outputs");
  const set = outputs && outputsSet(tokens, outputs);
  const inputs = top.find((binding) => binding.path.length === 1 && binding.path[0] === "inputs");
  const close = inputs && tokens[inputs.from]?.text === "{" ? tokens[closing(tokens, inputs.from)]?.start : undefined;
  return {
    ...(text !== undefined && { description: text }),
    ...(close !== undefined && { inputsClose: close }),
    inputs: inputsOf(tokens, top),
    systems: systemsOf(tokens),
    ...(set && { outputs: set }),
  };
}

function stringValue(tokens: readonly NixToken[], binding: FoundBinding): string | undefined {
  const token = tokens[binding.from];
  return token && binding.to === binding.from + 1 ? plainString(token) : undefined;
}

function inputsOf(tokens: readonly NixToken[], top: readonly FoundBinding[]): ReadonlyMap<string, ExistingInput> {
  const leaves: {
    readonly path: readonly (string | undefined)[];
    readonly value: string;
    readonly literal: ExistingInput["literal"];
  }[] = [];
  const walk = (bindings: readonly FoundBinding[], above: readonly (string | undefined)[]): void => {
    for (const binding of bindings) {
      const path = [...above, ...binding.path];
      const value = stringValue(tokens, binding);
      const literal = tokens[binding.from];
      if (value !== undefined && literal) leaves.push({ path, value, literal: { start: literal.start, end: literal.end } });
      else if (tokens[binding.from]?.text === "{") walk(bindingsOf(tokens, binding.from), path);
    }
  };
  walk(
    top.filter((binding) => binding.path[0] === "inputs"),
    [],
  );
  const inputs = new Map<string, ExistingInput>();
  for (const { path, value, literal } of leaves) {
    const [, name, key] = path;
    if (name !== undefined && key === "url" && path.length === 3) inputs.set(name, { url: value, literal, follows: {} });
  }
  for (const { path, value } of leaves) {
    const [, name, key, inner, last] = path;
    const input = name === undefined ? undefined : inputs.get(name);
    if (name !== undefined && input && key === "inputs" && inner !== undefined && last === "follows")
      inputs.set(name, { ...input, follows: { ...input.follows, [inner]: value } });
  }
  return inputs;
}

function systemsOf(tokens: readonly NixToken[]): readonly string[] {
  for (const [index, token] of tokens.entries()) {
    if (token.text !== "[") continue;
    const values = tokens.slice(index + 1, closing(tokens, index)).map(plainString);
    if (values.length > 0 && values.every((value) => value !== undefined && SYSTEM.test(value)))
      return values.flatMap((value) => value ?? []);
  }
  return [];
}

/** Index behind a `let … in` that starts at `from`, or `from` itself. */
function behindLet(tokens: readonly NixToken[], from: number, limit: number): number {
  if (tokens[from]?.text !== "let") return from;
  let depth = 0;
  for (let at = from; at < limit; at += 1) {
    if (tokens[at]?.kind !== "word") continue;
    if (tokens[at]?.text === "let") depth += 1;
    if (tokens[at]?.text === "in") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return limit;
}

/** Index behind the colon of a function that starts at `from`: `a:`, `{ … }:`, `{ … }@a:`, `a@{ … }:`. */
function behindArgument(tokens: readonly NixToken[], from: number, limit: number): number | undefined {
  for (let at = from; at < Math.min(limit, closingOr(tokens, from) + 4); at += 1) {
    if (tokens[at]?.text === "{") at = closing(tokens, at);
    else if (tokens[at]?.text === ":") return at + 1;
    else if (tokens[at]?.kind !== "word" && tokens[at]?.text !== "@") return undefined;
  }
  return undefined;
}

const closingOr = (tokens: readonly NixToken[], from: number): number => {
  const open = tokens.findIndex((token, index) => index >= from && token.text === "{");
  return open < 0 ? from : closing(tokens, open);
};

function outputsSet(tokens: readonly NixToken[], outputs: FoundBinding): OutputsSet | undefined {
  const body = behindArgument(tokens, outputs.from, outputs.to);
  if (body === undefined) return undefined;
  const names = tokens.slice(outputs.from, body).flatMap((token) => (token.kind === "word" ? [token.text] : []));
  const plain = behindLet(tokens, body, outputs.to);
  if (tokens[plain]?.text === "{" && closing(tokens, plain) === outputs.to - 1)
    return describeSet(tokens, "plain", plain, outputs.from, names);
  const call = tokens.findIndex(
    (token, index) => index >= plain && index < outputs.to && /^each(?:Default)?System$/.test(token.text),
  );
  if (call < 0) return undefined;
  const open = tokens.findIndex((token, index) => index > call && index < outputs.to && token.text === "(");
  const inner = open < 0 ? undefined : behindArgument(tokens, open + 1, closing(tokens, open));
  if (inner === undefined) return undefined;
  const set = behindLet(tokens, inner, closing(tokens, open));
  if (tokens[set]?.text !== "{" || closing(tokens, set) !== closing(tokens, open) - 1) return undefined;
  return describeSet(tokens, "perSystem", set, outputs.from, names);
}

/** The argument set of the function at `from` ends in dots, or there is no set. */
function takesMore(tokens: readonly NixToken[], from: number): boolean {
  const open = [0, 1, 2].map((offset) => from + offset).find((index) => tokens[index]?.text === "{");
  if (open === undefined) return true;
  const last = tokens.slice(open, closing(tokens, open)).slice(-3);
  return last.length === 3 && last.every((token) => token.text === ".");
}

function describeSet(
  tokens: readonly NixToken[],
  kind: OutputsSet["kind"],
  open: number,
  from: number,
  names: readonly string[],
): OutputsSet {
  const close = closing(tokens, open);
  const before = tokens.slice(from, open);
  return {
    kind,
    close: tokens[close]?.start ?? 0,
    names: bindingsBetween(tokens, open + 1, close).map((binding) => binding.path),
    arguments: names,
    takesMore: takesMore(tokens, from),
    binds: (name) =>
      names.includes(name) ||
      before.some((token, index) => token.text === name && (before[index + 1]?.text === "=" || before[index + 1]?.text === ":")),
  };
}
