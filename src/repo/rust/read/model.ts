import type { ItemKind, LeftOutReason } from "../types.ts";
import type { Attribute } from "./attributes.ts";
import type { Syntax } from "./grammar.ts";

/** A crate as read: modules, the items in them, and the names that `use` brings in. */

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Module {
  readonly id: number;
  readonly name: string;
  readonly parent: Module | undefined;
  /** Names from the crate's root; empty for the root. */
  readonly path: readonly string[];
  /** `#[cfg(…)]` texts of the module itself. */
  readonly cfgs: readonly string[];
  readonly visibility: string;
  readonly children: Module[];
  readonly items: Item[];
  readonly imports: Import[];
}

/** One name that a `use` (or `extern crate`) brings into a module, or one glob. */
export interface Import {
  readonly kind: "name" | "glob" | "extern crate";
  readonly module: Module;
  /** "" of a glob, "_" of a trait that gets no name. */
  readonly name: string;
  readonly target: Path;
  readonly visibility: string;
  readonly cfgs: readonly string[];
  readonly file: SourceFile;
  readonly start: number;
  /** The declaration as written; what is written again of an `extern crate`. */
  readonly text: string;
}

export interface Path {
  /** Leading `::`. */
  readonly absolute: boolean;
  readonly segments: readonly string[];
}

export interface Item {
  readonly id: number;
  readonly kind: ItemKind;
  /** Undefined of an impl, a macro call and `const _`. */
  readonly name: string | undefined;
  readonly module: Module;
  readonly file: SourceFile;
  /** With its doc comments and attributes. */
  readonly start: number;
  readonly end: number;
  readonly syntax: Syntax;
  readonly attributes: readonly Attribute[];
  readonly cfgs: readonly string[];
  /** How the item is named to a person: `module::Item`, `impl Display for Item`. */
  readonly label: string;
}

/** An item that was told apart as not splittable while reading. */
export interface Stranded {
  readonly module: Module | undefined;
  readonly name: string | undefined;
  readonly label: string;
  readonly kind: ItemKind;
  readonly file: SourceFile;
  readonly offset: number;
  readonly reason: LeftOutReason;
}

export interface Crate {
  readonly root: Module;
  readonly modules: readonly Module[];
  readonly items: readonly Item[];
  /** What could be told while reading. */
  readonly stranded: readonly Stranded[];
  /** Inner attributes of the root that a node keeps, as written. */
  readonly inner: readonly string[];
  /** `#![feature(…)]` without a condition. */
  readonly unstable: readonly string[];
}
