import { bindingsOf, closing } from "../../../recipes/existing/bindings.ts";
import { type NixToken, nixTokens } from "../../../recipes/existing/nix-tokens.ts";

/** Places in Nix code that decide which files of the repository a build sees. Offsets are those of the part that a change replaces. */
export type FilterSite = { readonly start: number; readonly end: number } & (
  | /** The inside of a list of what is kept: `lib.fileset.unions [ … ]`, nix-filter's include, sourceByRegex, sourceFilesBySuffices. */
  { readonly kind: "list"; readonly element: "path" | "string" | "regex" | "suffix" }
  /** `fileset = EXPRESSION` of any other form. */
  | { readonly kind: "fileset" }
  /** `craneLib.cleanCargoSource ./.` */
  | { readonly kind: "clean-cargo"; readonly library: string; readonly root: string | undefined }
  /** The body of `filter = path: type: BODY`. */
  | { readonly kind: "lambda"; readonly argument: string }
  /** `filter = FUNCTION` */
  | { readonly kind: "function" }
);

export function filterSites(source: string): readonly FilterSite[] {
  const tokens = nixTokens(source);
  return tokens.flatMap((token, index): readonly FilterSite[] => {
    if (token.kind !== "word") return [];
    switch (token.text) {
      case "cleanCargoSource":
        return cleanCargo(tokens, index);
      case "toSource":
        return bound(tokens, index, "fileset", (from, to) => fileset(tokens, from, to));
      case "cleanSourceWith":
        return bound(tokens, index, "filter", (from, to) => filter(tokens, from, to));
      case "filterSource":
        return filterSource(tokens, index);
      case "path":
        return tokens[index - 2]?.text === "builtins"
          ? bound(tokens, index, "filter", (from, to) => filter(tokens, from, to))
          : [];
      case "sourceByRegex":
        return listBehind(tokens, index, "regex");
      case "sourceFilesBySuffices":
        return listBehind(tokens, index, "suffix");
      case "include":
        return tokens[index + 1]?.text === "=" && tokens[index + 2]?.text === "[" ? [list(tokens, index + 2, "string")] : [];
      default:
        return [];
    }
  });
}

/** A binding of the set that is the function's argument. */
function bound(
  tokens: readonly NixToken[],
  index: number,
  name: string,
  site: (from: number, to: number) => readonly FilterSite[],
): readonly FilterSite[] {
  const open = tokens[index + 1]?.text === "rec" ? index + 2 : index + 1;
  if (tokens[open]?.text !== "{") return [];
  const found = bindingsOf(tokens, open).find(({ path }) => path.length === 1 && path[0] === name);
  if (!found) return [];
  // `inherit fileset;`
  return found.to > found.from ? site(found.from, found.to) : variable(tokens, name, site);
}

/** The value of the one variable of that name. */
function variable(
  tokens: readonly NixToken[],
  name: string,
  site: (from: number, to: number) => readonly FilterSite[],
): readonly FilterSite[] {
  const ats = tokens.flatMap((token, at) => (token.text === name && tokens[at + 1]?.text === "=" ? [at] : []));
  const [only, other] = ats;
  if (only === undefined || other !== undefined) return [];
  const end = bindingEnd(tokens, only + 2);
  return site(only + 2, end);
}

function bindingEnd(tokens: readonly NixToken[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? {};
    if (kind === "mark" && /^[{[(]$/u.test(text ?? "")) at = closing(tokens, at);
    else if (kind === "mark" && text === ";") return at;
  }
  return tokens.length;
}

const range = (tokens: readonly NixToken[], from: number, to: number): { readonly start: number; readonly end: number } => ({
  start: tokens[from]?.start ?? 0,
  end: tokens[to - 1]?.end ?? 0,
});

/** The inside of the list at a bracket: what is added goes before its end. */
function list(tokens: readonly NixToken[], open: number, element: "path" | "string" | "regex" | "suffix"): FilterSite {
  return { kind: "list", element, start: tokens[open]?.end ?? 0, end: tokens[closing(tokens, open)]?.start ?? 0 };
}

function fileset(tokens: readonly NixToken[], from: number, to: number): readonly FilterSite[] {
  const only = to === from + 1 ? tokens[from] : undefined;
  if (only?.kind === "word" && /^[A-Za-z_][\w'-]*$/u.test(only.text)) {
    const named = variable(tokens, only.text, (start, end) => fileset(tokens, start, end));
    if (named.length > 0) return named;
  }
  const unions = tokens.findIndex(
    (token, at) => at >= from && at < to && token.text === "unions" && tokens[at + 1]?.text === "[",
  );
  // The union has to be the whole value, not an operand of something narrower.
  const whole = unions >= 0 && closing(tokens, unions + 1) === to - 1 && startsPath(tokens, from, unions);
  return whole ? [list(tokens, unions + 1, "path")] : [{ kind: "fileset", ...range(tokens, from, to) }];
}

const startsPath = (tokens: readonly NixToken[], from: number, to: number): boolean =>
  tokens.slice(from, to).every(({ kind, text }, i) => (i % 2 === 0 ? kind === "word" : text === "."));

function filter(tokens: readonly NixToken[], from: number, to: number): readonly FilterSite[] {
  const only = to === from + 1 ? tokens[from] : undefined;
  if (only?.kind === "word" && /^[A-Za-z_][\w'-]*$/u.test(only.text)) {
    const named = variable(tokens, only.text, (start, end) => filter(tokens, start, end));
    if (named.length > 0) return named;
  }
  const [path, colon, , second] = tokens.slice(from, from + 4);
  const body = from + 4;
  if (
    path?.kind === "word" &&
    colon?.text === ":" &&
    second?.text === ":" &&
    !/^(?:let|with|assert)$/u.test(tokens[body]?.text ?? "")
  )
    return [{ kind: "lambda", argument: path.text, ...range(tokens, body, to) }];
  return path?.kind === "word" && colon?.text === ":" ? [] : [{ kind: "function", ...range(tokens, from, to) }];
}

/** `builtins.filterSource (path: type: …) ./.` */
function filterSource(tokens: readonly NixToken[], index: number): readonly FilterSite[] {
  const open = index + 1;
  if (tokens[open]?.text !== "(") return [];
  return filter(tokens, open + 1, closing(tokens, open));
}

function listBehind(tokens: readonly NixToken[], index: number, element: "regex" | "suffix"): readonly FilterSite[] {
  // The source comes first: a path, a name, or something in parentheses.
  const source = index + 1;
  const open = tokens[source]?.text === "(" ? closing(tokens, source) + 1 : source + 1;
  return tokens[open]?.text === "[" ? [list(tokens, open, element)] : [];
}

/** `x.cleanCargoSource ./.`, `x.cleanCargoSource (x.path ./.)` */
function cleanCargo(tokens: readonly NixToken[], index: number): readonly FilterSite[] {
  if (tokens[index - 1]?.text !== ".") return [];
  let first = index - 2;
  while (tokens[first - 1]?.text === ".") first -= 2;
  const library = tokens
    .slice(first, index - 1)
    .map(({ text }) => text)
    .join("");
  const open = tokens[index + 1]?.text === "(";
  const last = open ? closing(tokens, index + 1) : index + 1;
  const inside = open ? tokens.slice(index + 2, last) : tokens.slice(index + 1, index + 2);
  const paths = inside.filter(({ text }) => /^\.{0,2}\//u.test(text));
  const [root] = paths;
  return [
    {
      kind: "clean-cargo",
      library,
      root: paths.length === 1 ? root?.text : undefined,
      start: tokens[first]?.start ?? 0,
      end: tokens[last]?.end ?? 0,
    },
  ];
}
