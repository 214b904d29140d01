import { posix } from "node:path";
import type { CrateSource, ItemKind, LeftOutReason } from "../types.ts";
import { type Attribute, attributesOf, cfgHolds, type Truth } from "./attributes.ts";
import { childOf, childOfType, depthOf, everyNode, type RustGrammar, type Syntax } from "./grammar.ts";
import type { Crate, Import, Item, Module, SourceFile, Stranded } from "./model.ts";
import { useLeaves } from "./use-tree.ts";

/** Follows `mod x;` from the root file and lists every item with what belongs to it. */

/** Deeper syntax is not walked: the walk of expressions is recursive. */
export const DEEPEST = 600;

const KINDS: ReadonlyMap<string, ItemKind> = new Map([
  ["function_item", "fn"],
  ["struct_item", "struct"],
  ["enum_item", "enum"],
  ["union_item", "union"],
  ["trait_item", "trait"],
  ["impl_item", "impl"],
  ["const_item", "const"],
  ["static_item", "static"],
  ["type_item", "type"],
  ["macro_definition", "macro"],
  ["macro_invocation", "macro call"],
  ["use_declaration", "use"],
  ["extern_crate_declaration", "extern crate"],
  ["foreign_mod_item", "extern block"],
  ["mod_item", "mod"],
]);

/** Where `mod x;` of a file looks: a.rs and a/mod.rs, below the folder that the module owns (the Rust reference, "Modules"). */
interface Place {
  readonly file: SourceFile;
  readonly folder: string;
}

export function enabledFeatures(source: Pick<CrateSource, "features">): ReadonlySet<string> {
  const on = new Set<string>();
  const waiting = ["default"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (on.has(name)) continue;
    on.add(name);
    for (const other of source.features.get(name) ?? []) {
      // `dep:x` and `x/feature` turn on another crate, `x?/f` not even that.
      if (!/[:/?]/u.test(other)) waiting.push(other);
    }
  }
  return on;
}

export function readCrate(grammar: RustGrammar, source: CrateSource): Crate {
  const reader = new Reader(grammar, source);
  const text = source.files.get(source.root);
  const root = reader.module("", undefined, [], "pub");
  const file = { path: source.root, text: text ?? "" };
  if (text === undefined) {
    reader.strand(
      { module: root, name: undefined, label: "crate", kind: "file", file, offset: 0 },
      { kind: "missing-file", looked: [source.root] },
    );
  } else {
    reader.file(root, { file, folder: posix.dirname(source.root) });
  }
  return {
    root,
    modules: reader.modules,
    items: reader.items,
    stranded: reader.stranded,
    inner: reader.inner,
    unstable: reader.unstable,
  };
}

class Reader {
  readonly modules: Module[] = [];
  readonly items: Item[] = [];
  readonly stranded: Stranded[] = [];
  readonly inner: string[] = [];
  readonly #grammar: RustGrammar;
  readonly #source: CrateSource;
  readonly #holds: (tokens: readonly string[]) => Truth;
  /** Files that are being read, against `#[path]` that leads back. */
  readonly #open = new Set<string>();

  constructor(grammar: RustGrammar, source: CrateSource) {
    this.#grammar = grammar;
    this.#source = source;
    const features = enabledFeatures(source);
    this.#holds = (tokens) => cfgHolds(tokens, features);
  }

  module(name: string, parent: Module | undefined, cfgs: readonly string[], visibility: string): Module {
    const path = parent ? [...parent.path, name] : [];
    const module: Module = {
      id: this.modules.length,
      name,
      parent,
      path,
      cfgs,
      visibility,
      children: [],
      items: [],
      imports: [],
    };
    this.modules.push(module);
    parent?.children.push(module);
    return module;
  }

  strand(what: Omit<Stranded, "reason">, reason: LeftOutReason): void {
    this.stranded.push({ ...what, reason });
  }

  file(module: Module, place: Place): void {
    this.#open.add(place.file.path);
    const tree = this.#grammar.parse(place.file.text);
    this.#innerAttributes(module, tree, place.file);
    this.#list(module, tree.children, place, tree.type === "ERROR");
    this.#open.delete(place.file.path);
  }

  /** A module's `#![…]`: of the root some are kept; `#![cfg(…)]` of a file counts as the module's own. */
  #innerAttributes(module: Module, tree: Syntax, { text }: SourceFile): void {
    for (const node of tree.children.filter(({ type }) => type === "inner_attribute_item")) {
      if (module.parent) continue;
      const names = attributesOf(node, text, this.#holds);
      const kept = names.filter(({ name }) => name === "no_std" || name === "allow" || name === "recursion_limit");
      if (names.length > 0 && kept.length === names.length) this.inner.push(text.slice(node.start, node.end));
      for (const { name, tokens, conditional } of names) {
        if (name === "feature" && !conditional) this.unstable.push(...tokens.filter((token) => token !== ","));
      }
    }
  }

  /** `#![feature(…)]` without a condition. */
  readonly unstable: string[] = [];

  #list(module: Module, children: readonly Syntax[], place: Place, broken: boolean): void {
    const { file } = place;
    let before: Syntax[] = [];
    for (const child of children) {
      const node = child.type === "expression_statement" ? (childOfType(child, "macro_invocation") ?? child) : child;
      if (child.type === "attribute_item") before.push(child);
      else if (isOuterDoc(child)) before.push(child);
      else if (child.type === "line_comment" || child.type === "block_comment" || !child.named) continue;
      else if (child.type === "inner_attribute_item" || child.type === "empty_statement" || child.type === "shebang") before = [];
      else {
        const kind = KINDS.get(node.type);
        if (kind && !broken) this.#item(module, kind, node, before, place, child.end);
        else {
          const label = this.#label(module, firstLine(file.text, child));
          const what = { module, name: undefined, label, kind: "file", file, offset: firstWrong(child).start } as const;
          this.strand(what, { kind: "parse-error" });
        }
        before = [];
      }
    }
  }

  #item(module: Module, kind: ItemKind, node: Syntax, before: readonly Syntax[], place: Place, end: number): void {
    const { file } = place;
    const { text } = file;
    const attributes = before
      .filter(({ type }) => type === "attribute_item")
      .flatMap((one) => attributesOf(one, text, this.#holds));
    const name = nameOf(kind, node, text);
    const label = this.#label(module, name ?? header(node, text));
    const strand = (reason: LeftOutReason, offset = node.start): void =>
      this.strand({ module, name, label, kind, file, offset }, reason);
    const wrong = [...everyNode(node)].find((one) => one.wrong);
    // A module's own mistakes are told by the items in it.
    if (wrong && !(kind === "mod" && childOf(node, "body"))) {
      strand({ kind: "parse-error" }, wrong.start);
      return;
    }
    const off = attributes.find(({ name, tokens }) => name === "cfg" && this.#holds(tokens) === "no");
    if (off) {
      strand(offReason(off));
      return;
    }
    if (attributes.some(({ name }) => name === "test" || name === "bench")) {
      strand({ kind: "test" });
      return;
    }
    const cfgs = attributes
      .filter(({ name, conditional }) => name === "cfg" && !conditional)
      .map((attribute) => text.slice(attribute.start, attribute.end));
    const visibility = visibilityOf(node, text);
    if (kind === "use" || kind === "extern crate") {
      module.imports.push(
        ...importsOf(kind, node, { module, visibility, cfgs, file, start: node.start, text: text.slice(node.start, end) }),
      );
      return;
    }
    if (kind === "mod") {
      this.#mod(module, node, { name: name ?? "", strand, cfgs, visibility, attributes, place });
      return;
    }
    if (depthOf(node) > DEEPEST) {
      strand({ kind: "too-deep", depth: depthOf(node) });
      return;
    }
    const item: Item = {
      id: this.items.length,
      kind,
      name: name === "_" ? undefined : name,
      module,
      file,
      start: before[0]?.start ?? node.start,
      end,
      syntax: node,
      attributes,
      cfgs,
      label,
    };
    this.items.push(item);
    module.items.push(item);
  }

  #mod(
    parent: Module,
    node: Syntax,
    facts: {
      readonly name: string;
      readonly strand: (reason: LeftOutReason) => void;
      readonly cfgs: readonly string[];
      readonly visibility: string;
      readonly attributes: readonly Attribute[];
      readonly place: Place;
    },
  ): void {
    const { place, name, attributes } = facts;
    const body = childOf(node, "body");
    const pathAttribute = attributes.find((attribute) => attribute.name === "path");
    if (parent.path.length > 100) {
      facts.strand({ kind: "too-deep", depth: parent.path.length });
      return;
    }
    if (body) {
      const module = this.module(name, parent, facts.cfgs, facts.visibility);
      const folder = posix.join(place.folder, pathAttribute?.value ?? name);
      this.#list(module, body.children, { file: place.file, folder }, false);
      return;
    }
    if (pathAttribute?.conditional) {
      facts.strand({ kind: "path-by-attribute" });
      return;
    }
    // `#[path]` on a module without a body counts from the folder of its file.
    const looked = pathAttribute
      ? [posix.join(posix.dirname(place.file.path), pathAttribute.value ?? "")]
      : [posix.join(place.folder, `${name}.rs`), posix.join(place.folder, name, "mod.rs")];
    const path = looked.find((one) => this.#source.files.has(one));
    const text = path === undefined ? undefined : this.#source.files.get(path);
    if (path === undefined || text === undefined || this.#open.has(path)) {
      facts.strand({ kind: "missing-file", looked });
      return;
    }
    const module = this.module(name, parent, facts.cfgs, facts.visibility);
    const owns = pathAttribute || posix.basename(path) === "mod.rs" ? posix.dirname(path) : posix.join(place.folder, name);
    this.file(module, { file: { path, text }, folder: owns });
  }

  #label(module: Module, name: string): string {
    return [...module.path, name].join("::");
  }
}

const isOuterDoc = (node: Syntax): boolean =>
  (node.type === "line_comment" || node.type === "block_comment") && childOf(node, "outer") !== undefined;

const offReason = (attribute: Attribute): LeftOutReason =>
  attribute.tokens.join("") === "test" ? { kind: "test" } : { kind: "cfg-off", cfg: attribute.tokens.join(" ") };

const firstWrong = (node: Syntax): Syntax => [...everyNode(node)].find((one) => one.wrong) ?? node;

const firstLine = (text: string, node: Syntax): string => clipped(text.slice(node.start, node.end));

const clipped = (text: string): string => {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};

/** An impl up to its body, a macro call up to its arguments. */
function header(node: Syntax, text: string): string {
  const body = childOf(node, "body") ?? childOfType(node, "token_tree") ?? childOfType(node, "declaration_list");
  return clipped(text.slice(node.start, body?.start ?? node.end)) || node.type;
}

function nameOf(kind: ItemKind, node: Syntax, text: string): string | undefined {
  if (kind === "impl" || kind === "macro call" || kind === "use" || kind === "extern block") return undefined;
  const name = childOf(node, "name");
  return name && text.slice(name.start, name.end).replace(/^r#/u, "");
}

export function visibilityOf(node: Syntax, text: string): string {
  const found = childOfType(node, "visibility_modifier");
  return found ? text.slice(found.start, found.end) : "";
}

function importsOf(
  kind: "use" | "extern crate",
  node: Syntax,
  shared: Omit<Import, "kind" | "name" | "target">,
): readonly Import[] {
  const { text } = shared.file;
  if (kind === "use") {
    const tree = childOf(node, "argument");
    return tree ? useLeaves(tree, text).map((leaf) => ({ ...shared, ...leaf })) : [];
  }
  const name = childOf(node, "name");
  const alias = childOf(node, "alias");
  if (!name) return [];
  const crate = text.slice(name.start, name.end);
  const called = alias ? text.slice(alias.start, alias.end) : crate;
  return [{ ...shared, kind: "extern crate", name: called, target: { absolute: true, segments: [crate] } }];
}
