import { childOf, childOfType, everyNode, type Syntax } from "../read/grammar.ts";
import type { Crate, Item, Module, Path } from "../read/model.ts";
import type { Found } from "./paths/found.ts";
import type { Resolver } from "./paths/resolver.ts";

/** `macro_rules!` of the crate: which one a call means, and what a call at item level writes. */

/** Macros of the standard library's prelude; those by path (`std::ptr::addr_of!`) need no entry. */
export const STD_MACROS: ReadonlySet<string> = new Set(
  (
    "assert assert_eq assert_ne cfg column compile_error concat dbg debug_assert debug_assert_eq debug_assert_ne env eprint eprintln " +
    "file format format_args include include_bytes include_str is_x86_feature_detected is_aarch64_feature_detected line matches " +
    "module_path option_env panic print println stringify thread_local todo try unimplemented unreachable vec write writeln"
  ).split(" "),
);

export class Macros {
  readonly #byName: ReadonlyMap<string, readonly Item[]>;
  readonly #resolver: Resolver;

  constructor(crate: Crate, resolver: Resolver) {
    this.#resolver = resolver;
    this.#byName = Map.groupBy(
      crate.items.filter(({ kind }) => kind === "macro"),
      ({ name }) => name ?? "",
    );
  }

  /** The macro a call names: by `use`, by textual scope from the module outwards, or any of that name (`#[macro_use]`). */
  find(module: Module, path: Path): { readonly macros: readonly Item[]; readonly found: Found } {
    const found = this.#resolver.path(module, path);
    const direct = [...found.items].filter(({ kind }) => kind === "macro");
    const name = path.segments.at(-1) ?? "";
    if (direct.length > 0) return { macros: direct, found };
    if (path.segments.length > 1 && path.segments[0] !== "crate" && path.segments[0] !== "$crate" && found.crates.size > 0) {
      return { macros: [], found };
    }
    const all = this.#byName.get(name) ?? [];
    for (let at: Module | undefined = module; at; at = at.parent) {
      const here = all.filter((item) => item.module === at);
      if (here.length > 0) return { macros: here, found };
    }
    return { macros: all, found };
  }
}

/** What a macro writes where it is called as an item. */
export interface Transcript {
  /** Names after `fn`, `struct` …; undefined stands for a metavariable. */
  readonly defines: readonly (string | undefined)[];
  /** A definition without `pub` or a visibility metavariable. */
  readonly closed: boolean;
  /** The tokens between `impl` and its body. */
  readonly impls: readonly (readonly Syntax[])[];
  /** Members without `pub` of impls of a type alone; undefined stands for a metavariable. */
  readonly hidden: readonly (string | undefined)[];
  readonly definesMacro: boolean;
}

const DEFINING: ReadonlySet<string> = new Set(["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"]);

export function transcriptOf(trees: readonly Syntax[], text: string): Transcript {
  const defines: (string | undefined)[] = [];
  const impls: Syntax[][] = [];
  const hidden: (string | undefined)[] = [];
  let closed = false;
  let definesMacro = false;
  const of = (token: Syntax | undefined): string => (token ? text.slice(token.start, token.end) : "");
  for (const tree of trees) {
    const tokens = itemTokens(tree);
    for (const [index, token] of tokens.entries()) {
      const word = of(token);
      if (word === "macro_rules") definesMacro = true;
      if (word === "impl") {
        const end = tokens.findIndex((other, at) => at > index && of(other).startsWith("{"));
        const header = tokens.slice(index + 1, end < 0 ? undefined : end);
        impls.push(header);
        const body = tokens[end];
        if (body && !header.some((other) => of(other) === "for")) hidden.push(...hiddenIn(itemTokens(body), of));
      }
      if (!DEFINING.has(word)) continue;
      const next = tokens.slice(index + 1, index + 4).find((other) => !["mut", "fn", "ref"].includes(of(other)));
      if (next?.type === "metavariable") defines.push(undefined);
      else if (next?.type === "identifier" && of(next) !== "_") defines.push(of(next));
      else continue;
      const before = tokens.slice(Math.max(0, index - 6), index).map(of);
      closed ||= !before.some((one) => one === "pub" || one.startsWith("$vis"));
    }
  }
  return { defines, closed, impls, hidden, definesMacro };
}

/** Functions and constants of an impl's body without `pub` between the member before and their keyword. */
function hiddenIn(tokens: readonly Syntax[], of: (token: Syntax | undefined) => string): readonly (string | undefined)[] {
  let open = true;
  return tokens.flatMap((token, index) => {
    const word = of(token);
    const next = tokens[index + 1];
    if (word === ";" || word.startsWith("{")) open = true;
    else if (word === "pub" || word.startsWith("$vis")) open = false;
    if (!open || (word !== "fn" && word !== "const") || !next) return [];
    if (next.type === "metavariable") return [undefined];
    return next.type === "identifier" ? [of(next)] : [];
  });
}

/** The tokens at item level: the tree's own, and those of repetitions `$( … )*` in it. */
function itemTokens(tree: Syntax): readonly Syntax[] {
  const flat: Syntax[] = [];
  const open = [...tree.children].reverse();
  for (let token = open.pop(); token; token = open.pop()) {
    if (token.type === "token_repetition") open.push(...[...token.children].reverse());
    else flat.push(token);
  }
  return flat;
}

/** The right sides of a macro's rules. */
export const transcribers = (macro: Item): readonly Syntax[] =>
  macro.syntax.children
    .filter(({ type }) => type === "macro_rule")
    .flatMap((rule) => {
      const right = childOf(rule, "right") ?? rule.children.findLast(({ type }) => type === "token_tree");
      return right ? [right] : [];
    });

export const argumentsOf = (call: Syntax): Syntax | undefined => childOfType(call, "token_tree");

/** Every identifier among tokens. */
export const identifiersIn = (tree: Syntax, text: string): readonly string[] => [
  ...new Set(
    [...everyNode(tree)]
      .filter(({ type }) => type === "identifier" || type === "primitive_type")
      .map(({ start, end }) => text.slice(start, end)),
  ),
];

/** `mod x;` among tokens: where its file lies is known only after the macro ran. */
export const declaresModule = (root: Syntax, text: string): boolean =>
  [...everyNode(root)].some(({ children }) =>
    children.some(
      ({ start, end }, index) =>
        text.slice(start, end) === "mod" && children[index + 1]?.type === "identifier" && children[index + 2]?.type === ";",
    ),
  );
