import { type Grouping, groupItems } from "./graph/groups.ts";
import { below } from "./graph/seen-from.ts";
import { readCrate } from "./read/crate-modules.ts";
import type { RustGrammar } from "./read/grammar.ts";
import type { Crate, Import, Item, Module, SourceFile } from "./read/model.ts";
import type { CrateSource, ItemKind, ItemPlace, LatticeNode, LeftOut, LeftOutReason, SplitCrate } from "./types.ts";
import { writeJoin } from "./write/join.ts";
import { featuresFor, manifestText } from "./write/manifest.ts";
import { nodeNames } from "./write/names.ts";
import { writeNode } from "./write/node.ts";
import { whyLeftOut } from "./write/reasons.ts";
import type { SaidElsewhere } from "./write/visibility.ts";

/**
 * Splits a crate into nodes: crates of one item each where an item can stand alone, of several where Rust or a circle of
 * references wants them together, and a join that is the crate again. Every item is in a node or left out with its reason.
 */
export function splitCrate(grammar: RustGrammar, source: CrateSource): SplitCrate {
  const crate = readCrate(grammar, source);
  const grouping = groupItems(crate, source);
  const places = new Places();
  const names = nodeNames(source.name, grouping.groups);
  const named = grouping.groups.map((group, index) => ({ group, name: names[index] ?? "" }));
  const nodeOf = new Map(named.flatMap(({ group, name }) => group.map((item) => [item, name] as const)));
  const cast = { crate, source, grouping, nodeOf };
  const said = wordsByPlace(grouping, nodeOf);
  const nodes = named.map(({ group, name }): LatticeNode => {
    const written = writeNode(cast, name, group, said(name));
    const features = featuresFor(source, written.source);
    const manifest = manifestText(source, name, { kind: "lib", path: "lib.rs" }, written.depends, features);
    return {
      name,
      items: group.map((item) => places.of(item.label, item.kind, item.file, item.syntax.start)),
      manifest,
      ...written,
      features,
    };
  });
  const join = writeJoin(cast, [...names].sort());
  const path = source.kind === "bin" ? "main.rs" : "lib.rs";
  const features = featuresFor(source, join.source);
  return {
    nodes,
    leftOut: leftOut(crate, grouping, join.dangling, places),
    root: {
      name: source.name,
      items: [],
      kind: source.kind,
      path,
      manifest: manifestText(source, source.name, { kind: source.kind, path }, join.depends, features),
      source: join.source,
      depends: join.depends,
      features,
    },
  };
}

function leftOut(crate: Crate, grouping: Grouping, dangling: readonly Import[], places: Places): readonly LeftOut[] {
  const entry = (label: string, kind: ItemKind, file: SourceFile, offset: number, reason: LeftOutReason): LeftOut => ({
    ...places.of(label, kind, file, offset),
    reason,
    why: whyLeftOut(reason),
  });
  const all = [
    ...crate.stranded.map(({ label, kind, file, offset, reason }) => entry(label, kind, file, offset, reason)),
    ...[...grouping.leftOut].map(([item, reason]) => entry(item.label, item.kind, item.file, item.syntax.start, reason)),
    ...dangling.map((one) => {
      const target = one.target.segments.join("::");
      const [foreign] = [...grouping.resolver.target(one).crates];
      const reason: LeftOutReason =
        foreign === undefined ? { kind: "needs-left-out", needs: target } : { kind: "external-crate", crate: foreign };
      return entry(
        [...one.module.path, one.name || "*"].join("::"),
        one.kind === "extern crate" ? one.kind : "use",
        one.file,
        one.start,
        reason,
      );
    }),
  ];
  return all.sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));
}

/** Which words the items of the other nodes say, and from which modules. */
function wordsByPlace(grouping: Grouping, nodeOf: ReadonlyMap<Item, string>): (node: string) => SaidElsewhere {
  const speakers = new Map<string, Map<string, Set<Module>>>();
  for (const [item, node] of nodeOf) {
    for (const word of grouping.needs.get(item)?.words ?? []) {
      const nodes = speakers.get(word) ?? new Map<string, Set<Module>>();
      speakers.set(word, nodes);
      nodes.set(node, (nodes.get(node) ?? new Set()).add(item.module));
    }
  }
  return (own) => (word, within, visibility) => {
    for (const [node, modules] of speakers.get(word) ?? []) {
      if (node === own) continue;
      // `pub(super)` and the like reach further than the module; how far is not worth telling.
      if (visibility !== "" && visibility !== "pub(self)") return true;
      for (const module of modules) if (below(module, within)) return true;
    }
    return false;
  };
}

/** Lines and columns, with each file's line starts found once. */
class Places {
  readonly #starts = new Map<string, readonly number[]>();

  of(item: string, kind: ItemKind, file: SourceFile, offset: number): ItemPlace {
    const starts = this.#starts.get(file.path) ?? [0, ...[...file.text.matchAll(/\n/gu)].map((match) => match.index + 1)];
    this.#starts.set(file.path, starts);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { item, kind, file: file.path, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }
}
