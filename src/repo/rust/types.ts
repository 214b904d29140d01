/** What splitting a crate takes and gives. Pure data; offsets are UTF-16 units of the file's text, lines and columns count from 1. */

export type Edition = "2015" | "2018" | "2021" | "2024";

export interface CrateSource {
  readonly name: string;
  readonly version: string;
  readonly edition: Edition;
  readonly kind: "lib" | "bin";
  /** The root module's file, a key of `files`. */
  readonly root: string;
  /** Path in the package → text. */
  readonly files: ReadonlyMap<string, string>;
  /** `[features]` of Cargo.toml; what `default` reaches is on. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** Names of `[dependencies]` as Rust spells them. */
  readonly dependencies: readonly string[];
  /** Optional ones that no feature turns on: what names them is not compiled either. */
  readonly absent: readonly string[];
}

export type ItemKind =
  | "fn"
  | "struct"
  | "enum"
  | "union"
  | "trait"
  | "impl"
  | "const"
  | "static"
  | "type"
  | "macro"
  | "macro call"
  | "use"
  | "extern crate"
  | "extern block"
  | "mod"
  | "file";

export interface ItemPlace {
  /** Path in the crate: `module::Item`; an impl is named by its header. */
  readonly item: string;
  readonly kind: ItemKind;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why an item cannot stand in a node. */
export type LeftOutReason =
  | { readonly kind: "parse-error" }
  | { readonly kind: "too-deep"; readonly depth: number }
  | { readonly kind: "missing-file"; readonly looked: readonly string[] }
  | { readonly kind: "path-by-attribute" }
  | { readonly kind: "test" }
  | { readonly kind: "cfg-off"; readonly cfg: string }
  | { readonly kind: "external-crate"; readonly crate: string }
  | { readonly kind: "attribute-macro"; readonly name: string }
  | { readonly kind: "unknown-macro"; readonly name: string }
  | { readonly kind: "macro-defines-macro" }
  | { readonly kind: "module-in-macro" }
  | { readonly kind: "macro-redefined"; readonly name: string }
  | { readonly kind: "reads-own-place"; readonly macro: string }
  | { readonly kind: "build-environment"; readonly macro: string }
  | { readonly kind: "extern-block" }
  | { readonly kind: "linker-symbol"; readonly attribute: string }
  | { readonly kind: "unstable-feature"; readonly features: readonly string[] }
  | { readonly kind: "owner-unknown" }
  /** A macro needs it public, where the glob `glob` in the module `by` would take it for something else. */
  | { readonly kind: "seen-by-glob"; readonly glob: string; readonly by: string }
  | { readonly kind: "needs-left-out"; readonly needs: string };

export interface LeftOut extends ItemPlace {
  readonly reason: LeftOutReason;
  /** The reason as a sentence with the next move. */
  readonly why: string;
}

export interface LatticeNode {
  /** A crate name, unique in the lattice: `<crate>-<module>-<item>`. */
  readonly name: string;
  readonly items: readonly ItemPlace[];
  /** Cargo.toml; dependencies by path `../NAME`. */
  readonly manifest: string;
  /** lib.rs */
  readonly source: string;
  /** Direct edges, sorted. */
  readonly depends: readonly string[];
  /** Features that are on: a builder that calls rustc itself passes `--cfg feature="x"` for each. */
  readonly features: readonly string[];
}

/** The join: the crate under its own name, every node's items at their original paths. */
export interface JoinNode extends LatticeNode {
  readonly kind: "lib" | "bin";
  readonly path: "lib.rs" | "main.rs";
}

export interface SplitCrate {
  readonly nodes: readonly LatticeNode[];
  readonly leftOut: readonly LeftOut[];
  readonly root: JoinNode;
}
