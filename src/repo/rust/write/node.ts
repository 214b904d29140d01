import type { Grouping } from "../graph/groups.ts";
import { type Resolver, SYSROOT } from "../graph/paths/resolver.ts";
import { visibilityOf } from "../read/item-facts.ts";
import type { Crate, Import, Item, Module } from "../read/model.ts";
import type { CrateSource } from "../types.ts";
import { crateName } from "./names.ts";
import { foreignLines, importText, ModuleTree, rawName, writeModules } from "./tree.ts";
import { type Edit, edited, openings, type SaidElsewhere } from "./visibility.ts";

/** The text of one node: its items in the crate's own module tree, and what they name brought in from the other nodes. */

export interface Written {
  readonly source: string;
  readonly depends: readonly string[];
}

export interface Cast {
  readonly crate: Crate;
  readonly source: CrateSource;
  readonly grouping: Grouping;
  /** The node each item stands in. */
  readonly nodeOf: ReadonlyMap<Item, string>;
}

export function writeNode(cast: Cast, name: string, group: readonly Item[], saidElsewhere: SaidElsewhere): Written {
  const { crate, grouping, source, nodeOf } = cast;
  const tree = new ModuleTree();
  const depends = new Set<string>();
  tree.at(crate.root);
  for (const item of group) {
    tree.at(item.module).own.push(item);
    for (const module of grouping.needs.get(item)?.modules ?? []) tree.at(module);
    for (const one of grouping.needs.get(item)?.imports ?? []) tree.at(one.module).imports.add(one);
  }
  const hasMacro = group.some(({ kind }) => kind === "macro");
  for (const item of group) {
    for (const used of grouping.needs.get(item)?.items ?? []) {
      const from = nodeOf.get(used);
      if (from === undefined) continue;
      if (from !== name) depends.add(from);
      // A macro's `$crate::…` is read from the crates that call it.
      const visibility = used.name === undefined || hasMacro ? "pub" : visibilityOf(used.syntax, used.file.text);
      bringIn(tree, crate.root, item.module, used, { from, name, visibility });
    }
  }
  for (const module of crate.modules)
    if (tree.has(module) && tree.at(module).own.length > 0) bringAmbient(tree, module, grouping.resolver);
  for (const one of crate.root.imports) {
    if (one.kind === "extern crate" && SYSROOT.has(one.target.segments[0] ?? "")) tree.at(crate.root).imports.add(one);
  }
  const body = writeModules(
    tree,
    crate.root,
    () => "pub",
    (module) => linesOf(tree, module, source, (item) => openings(item, saidElsewhere, grouping.staysPrivate)),
  );
  const names = [...depends].sort();
  const externs = source.edition === "2015" ? names.map((one) => `extern crate ${crateName(one)};`) : [];
  const head = [
    `//! ${source.name} ${source.version}: ${group.map(({ label }) => label.replace(/\s+/gu, " ")).join(", ")}`,
    ...crate.inner,
    "#![allow(warnings)]",
    ...externs,
  ];
  return { source: `${head.join("\n")}\n\n${body}`, depends: names };
}

function linesOf(
  tree: ModuleTree,
  module: Module,
  source: CrateSource,
  edits: (item: Item) => readonly Edit[],
): readonly string[] {
  const contents = tree.at(module);
  const imports = [...contents.imports]
    .filter((one) => !(one.kind === "name" && contents.foreign.has(one.name) && namesItself(one)))
    .sort((a, b) => (a.file.path === b.file.path ? a.start - b.start : a.file.path < b.file.path ? -1 : 1));
  const lines = [
    ...foreignLines(contents, tree.childrenOf(module), source.edition),
    ...new Set(imports.map((one) => importText(one, one.visibility))),
  ];
  return [...(lines.length > 0 ? [lines.join("\n")] : []), ...contents.own.map((item) => edited(item, edits(item)).trimEnd())];
}

/** `pub(crate) use name;` of a macro: where the macro comes from another node, that node's line says it. */
const namesItself = (one: Import): boolean => one.target.segments.at(-1) === one.name && one.target.segments.length === 1;

interface Way {
  readonly from: string;
  /** The node that is written. */
  readonly name: string;
  /** As in the original: a glob of another module must not see more than it saw there. */
  readonly visibility: string;
}

function bringIn(tree: ModuleTree, root: Module, user: Module, used: Item, { from, name, visibility }: Way): void {
  if (used.kind === "macro") {
    bringMacro(tree, root, user, used, from, name);
    return;
  }
  // The modules on the way stand even where all that is in them is written here.
  const contents = tree.at(used.module);
  if (from === name || used.kind === "impl") return;
  const path = [crateName(from), ...used.module.path.map(rawName)].join("::");
  const key = used.name ?? `* ${from}`;
  const cfgs = [...(contents.foreign.get(key)?.cfgs ?? []), used.cfgs];
  contents.foreign.set(key, { path: `${path}::${used.name === undefined ? "*" : rawName(used.name)}`, visibility, cfgs });
}

/** A macro lies in its crate's root; it is wanted where it is called, where it was written, and in the root where it was exported. */
function bringMacro(tree: ModuleTree, root: Module, user: Module, used: Item, from: string, name: string): void {
  const macro = used.name ?? "";
  const exported = used.attributes.some((one) => one.name === "macro_export");
  const inside = (module: Module | undefined): boolean =>
    module === used.module || (module !== undefined && inside(module.parent));
  const places = from === name ? (inside(user) ? [] : [user]) : [user, used.module, ...(exported ? [root] : [])];
  for (const module of places) {
    const { foreign, imports } = tree.at(module);
    // There a `use` names it already.
    if ([...imports].some((one) => one.kind === "name" && one.name === macro && !namesItself(one))) continue;
    foreign.set(macro, {
      path: `${from === name ? "crate" : crateName(from)}::${rawName(macro)}`,
      visibility: "pub",
      cfgs: [used.cfgs],
    });
  }
}

/** `use std::fmt::Write;` may serve a method call, which names no trait: what comes from the compiler's own crates always comes along. */
function bringAmbient(tree: ModuleTree, module: Module, resolver: Resolver, seen = new Set<Module>()): boolean {
  if (seen.has(module)) return false;
  seen.add(module);
  let any = false;
  for (const one of module.imports) {
    const target = resolver.target(one);
    const add = (): void => {
      any = true;
      tree.at(module).imports.add(one);
      for (const way of target.imports) tree.at(way.module).imports.add(way);
    };
    // A twin of the way that is off does not count.
    const own = target.items.size + target.modules.size > 0;
    if (!own && target.crates.size > 0 && [...target.crates].every((name) => SYSROOT.has(name))) add();
    if (one.kind !== "glob") continue;
    for (const other of target.modules) if (bringAmbient(tree, other, resolver, seen)) add();
  }
  return any;
}
