import type { Import, Item, Module } from "../read/model.ts";
import type { Edition } from "../types.ts";

/** The modules of a generated crate: the same tree as the original's, so that every path means what it meant. */

export interface Contents {
  /** Written here. */
  readonly own: Item[];
  /** From other nodes, by the name they have here. */
  readonly foreign: Map<string, Foreign>;
  readonly imports: Set<Import>;
}

export interface Foreign {
  /** `hex_encode::module::Item`, without leading colons. */
  readonly path: string;
  readonly visibility: string;
  /** The conditions of each definition of that name; empty where one has none. */
  readonly cfgs: readonly (readonly string[])[];
}

export class ModuleTree {
  readonly #contents = new Map<Module, Contents>();
  readonly #children = new Map<Module, Module[]>();

  at(module: Module): Contents {
    const known = this.#contents.get(module);
    if (known) return known;
    const fresh: Contents = { own: [], foreign: new Map(), imports: new Set() };
    this.#contents.set(module, fresh);
    if (module.parent) {
      this.at(module.parent);
      const siblings = this.#children.get(module.parent) ?? [];
      siblings.push(module);
      this.#children.set(
        module.parent,
        siblings.sort((a, b) => a.id - b.id),
      );
    }
    return fresh;
  }

  has(module: Module): boolean {
    return this.#contents.has(module);
  }

  childrenOf(module: Module): readonly Module[] {
    return this.#children.get(module) ?? [];
  }
}

/** `use` again, one name a line. */
export function importText(one: Import, visibility: string): string {
  if (one.kind === "extern crate") return [...one.cfgs, one.text].join("\n");
  const { absolute, segments } = one.target;
  const raw = segments.map(rawName);
  const path = `${absolute ? "::" : ""}${raw.join("::")}`;
  const last = segments.at(-1);
  const what =
    one.kind === "glob" ? `${path}${segments.length > 0 ? "::" : ""}*` : one.name === last ? path : `${path} as ${one.name}`;
  return [...one.cfgs, `${visibility === "" ? "" : `${visibility} `}use ${what};`].join("\n");
}

/** `pub use` of what another node writes; an edition 2015 path counts from the root, where `extern crate` stands. */
export function foreignLines(contents: Contents, children: readonly Module[], edition: Edition): readonly string[] {
  const hidden = new Set(children.map(({ name }) => name));
  const lines = new Set<string>();
  for (const [name, { path, visibility, cfgs }] of contents.foreign) {
    // A plain `use` would bring in the module of that name too; a glob gives way to the module that stands here.
    const what = hidden.has(name) ? path.replace(/[^:]+$/u, "*") : path;
    const use = `${visibility === "" ? "" : `${visibility} `}use ${edition === "2015" || what.startsWith("crate::") ? "" : "::"}${what};`;
    const conditions = cfgs.some((one) => one.length === 0) || hidden.has(name) ? [[]] : cfgs;
    for (const condition of conditions) lines.add([...condition, use].join("\n"));
  }
  return [...lines].sort();
}

export const rawName = (name: string): string => (RESERVED.has(name) ? `r#${name}` : name);

/** Keywords that a path can hold only as `r#…`. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "as async await break const continue dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return static " +
    "struct trait true try type unsafe use where while"
  ).split(" "),
);

/** Writes a module's children as blocks, with what `inside` gives for each. */
export function writeModules(
  tree: ModuleTree,
  module: Module,
  visibilityOf: (module: Module) => string,
  inside: (module: Module) => readonly string[],
): string {
  const parts = [...inside(module)];
  for (const child of tree.childrenOf(module)) {
    const visibility = visibilityOf(child);
    const head = `${visibility === "" ? "" : `${visibility} `}mod ${rawName(child.name)} {`;
    parts.push([...child.cfgs, head, `${writeModules(tree, child, visibilityOf, inside)}}`].join("\n"));
  }
  return parts.map((part) => `${part}\n`).join("\n");
}
