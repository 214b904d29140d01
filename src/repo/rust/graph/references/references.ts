import type { Syntax } from "../../read/grammar.ts";
import type { Item, Path } from "../../read/model.ts";
import { Names } from "./names.ts";
import { inside } from "./scopes.ts";
import { readTokens } from "./tokens.ts";
import { Walk } from "./walk.ts";

/** What an item's text names: paths outside its own locals and generics, macros, and every word in it. */

export interface Reference extends Path {
  /** In a `use` inside a body: an edition 2015 path counts from the root. */
  readonly use: boolean;
  /** An identifier in a pattern: a reference only where it turns out to be a constant or a variant. */
  readonly pattern: boolean;
}

export interface References {
  readonly paths: readonly Reference[];
  /** `use x::*` in a body. */
  readonly globs: readonly Reference[];
  /** `a::b::$name`, `a::b::{…}` among tokens: what follows is one of the words around. */
  readonly open: readonly Path[];
  readonly macros: readonly Path[];
  /** Every identifier, field and tuple index; ".." where a struct is filled up from another. */
  readonly words: ReadonlySet<string>;
  /** Names called with a dot. */
  readonly calls: ReadonlySet<string>;
  /** Impl blocks in it, itself included. */
  readonly impls: readonly Syntax[];
}

export function referencesOf(item: Item, features: ReadonlySet<string>): References {
  const names = new Names(item.file.text, features);
  if (item.kind === "macro") readTokens(item.syntax, undefined, names);
  else new Walk(names).node(item.syntax, inside(undefined));
  return names.found(item.syntax);
}
