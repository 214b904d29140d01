import { visibilityOf } from "../read/item-facts.ts";
import type { Import, Item } from "../read/model.ts";
import { crateName } from "./names.ts";
import type { Cast, Written } from "./node.ts";
import { foreignLines, importText, ModuleTree, rawName, writeModules } from "./tree.ts";

/** The crate under its own name again: its modules with their own visibility, every item at its own path, from the nodes. */

export interface JoinWritten extends Written {
  /** `use` declarations that lead to nothing but what is left out. */
  readonly dangling: readonly Import[];
}

export function writeJoin({ crate, source, grouping, nodeOf }: Cast, nodes: readonly string[]): JoinWritten {
  const externs = source.edition === "2015" ? nodes.map((one) => `extern crate ${crateName(one)};`) : [];
  const head = [
    `//! ${source.name} ${source.version}, joined from its nodes.`,
    ...crate.inner,
    "#![allow(warnings)]",
    ...externs,
  ];
  if (source.kind === "bin") {
    const main = crate.root.items.find((item) => item.name === "main" && item.kind === "fn");
    const node = main && nodeOf.get(main);
    const dangling: readonly Import[] = [];
    if (node === undefined) return { source: `${head.join("\n")}\n\nfn main() {}\n`, depends: nodes, dangling };
    const call = `${source.edition === "2015" ? "" : "::"}${crateName(node)}::main()`;
    // Whatever main returns, the process ends as it would have.
    const text = `fn main() -> std::process::ExitCode {\n    std::process::Termination::report(${call})\n}\n`;
    return { source: `${head.join("\n")}\n\n${text}`, depends: nodes, dangling };
  }
  const tree = new ModuleTree();
  const dangling: Import[] = [];
  for (const module of crate.modules) tree.at(module);
  for (const [item, node] of nodeOf) {
    if (grouping.staysPrivate.items.has(item)) continue;
    if (item.kind === "macro call" && grouping.generated.get(item)?.length === 0) continue;
    place(tree, home(crate.root, item), item, node);
  }
  for (const module of crate.modules) {
    for (const one of module.imports) {
      if (one.visibility === "" && one.kind !== "extern crate") continue;
      const { items, modules, crates } = grouping.resolver.target(one);
      // It ends in its node, with all that names it.
      if (items.size > 0 && [...items].every((item) => grouping.staysPrivate.items.has(item))) continue;
      const reached = [...items].some((item) => nodeOf.has(item)) || modules.size > 0 || crates.size > 0;
      const foreign = [...crates].some((name) => source.dependencies.includes(name));
      const itself = one.kind === "name" && tree.at(module).foreign.has(one.name);
      if (!reached || foreign) dangling.push(one);
      else if (!itself) tree.at(module).imports.add(one);
    }
  }
  const body = writeModules(
    tree,
    crate.root,
    (module) => module.visibility,
    (module) => {
      const contents = tree.at(module);
      const lines = [
        ...foreignLines(contents, tree.childrenOf(module), source.edition),
        ...new Set([...contents.imports].map((one) => importText(one, one.visibility))),
      ];
      return lines.length > 0 ? [lines.join("\n")] : [];
    },
  );
  return { source: `${head.join("\n")}\n\n${body}`, depends: nodes, dangling };
}

/** An exported macro is at home in the root. */
const home = (root: Item["module"], item: Item): Item["module"] => (item.kind === "macro" ? root : item.module);

function place(tree: ModuleTree, module: Item["module"], item: Item, node: string): void {
  const exported = item.attributes.some(({ name }) => name === "macro_export");
  const visibility =
    item.kind === "macro"
      ? exported
        ? "pub"
        : ""
      : item.kind === "macro call"
        ? "pub"
        : visibilityOf(item.syntax, item.file.text);
  // What is private is seen by nobody outside, and inside there is nothing left that could.
  if (visibility === "" || item.kind === "impl") return;
  const path = item.kind === "macro" ? [crateName(node)] : [crateName(node), ...item.module.path.map(rawName)];
  const { foreign } = tree.at(module);
  const key = item.name ?? `* ${node}`;
  const last = item.name === undefined ? "*" : rawName(item.name);
  foreign.set(key, { path: [...path, last].join("::"), visibility, cfgs: [...(foreign.get(key)?.cfgs ?? []), item.cfgs] });
}
