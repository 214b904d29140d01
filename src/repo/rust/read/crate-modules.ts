import { posix } from "node:path";
import type { CrateSource, ItemKind, LeftOutReason } from "../types.ts";
import { type Attribute, attributesOf, cfgHolds, type Truth } from "./attributes.ts";
import { enabledFeatures, innerCfgs, rootAttributes } from "./crate-attributes.ts";
import { childOf, childOfType, depthOf, everyNode, type RustGrammar, type Syntax } from "./grammar.ts";
import { clipped, firstWrong, header, importsOf, isOuterDoc, KINDS, nameOf, offReason, visibilityOf } from "./item-facts.ts";
import type { Crate, Item, Module, Stranded } from "./model.ts";
import { filesOf, ownedFolder, type Place } from "./module-files.ts";

/** Follows `mod x;` from the root file and lists every item with what belongs to it. */

/** Deeper syntax is not walked: the walk of expressions is recursive. */
export const DEEPEST = 600;

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

  file(module: Module, place: Place, tree = this.#grammar.parse(place.file.text)): void {
    this.#open.add(place.file.path);
    if (!module.parent) {
      const { inner, unstable } = rootAttributes(tree, place.file.text, this.#holds);
      this.inner.push(...inner);
      this.unstable.push(...unstable);
    }
    this.#list(module, tree.children, place, tree.type === "ERROR");
    this.#open.delete(place.file.path);
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
          const label = this.#label(module, clipped(file.text.slice(child.start, child.end)));
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
      const cfgs = this.#innerCfgs(body, place.file.text, facts.strand);
      if (!cfgs) return;
      const module = this.module(name, parent, [...facts.cfgs, ...cfgs], facts.visibility);
      const folder = posix.join(place.folder, pathAttribute?.value ?? name);
      this.#list(module, body.children, { file: place.file, folder }, false);
      return;
    }
    if (pathAttribute?.conditional) {
      facts.strand({ kind: "path-by-attribute" });
      return;
    }
    const looked = filesOf(name, pathAttribute && (pathAttribute.value ?? ""), place);
    const path = looked.find((one) => this.#source.files.has(one));
    const text = path === undefined ? undefined : this.#source.files.get(path);
    if (path === undefined || text === undefined || this.#open.has(path)) {
      facts.strand({ kind: "missing-file", looked });
      return;
    }
    const tree = this.#grammar.parse(text);
    const cfgs = this.#innerCfgs(tree, text, facts.strand);
    if (!cfgs) return;
    const module = this.module(name, parent, [...facts.cfgs, ...cfgs], facts.visibility);
    const folder = ownedFolder(name, path, pathAttribute !== undefined, place);
    this.file(module, { file: { path, text }, folder }, tree);
  }

  /** `#![cfg(…)]` at a module's top, as attributes of the module; undefined where it is off. */
  #innerCfgs(tree: Syntax, text: string, strand: (reason: LeftOutReason) => void): readonly string[] | undefined {
    const cfgs = innerCfgs(tree, text);
    const off = cfgs.find(({ tokens }) => this.#holds(tokens) === "no");
    if (off) strand(offReason(off));
    return off ? undefined : cfgs.map(({ start, end }) => text.slice(start, end).replace("#!", "#"));
  }

  #label(module: Module, name: string): string {
    return [...module.path, name].join("::");
  }
}
