import { visibilityOf } from "../../read/item-facts.ts";
import type { Crate, Import, Item, Module, Stranded } from "../../read/model.ts";

/** The names that stand in a module itself, each with all that has it. */

export interface ModuleNames {
  readonly items: Map<string, Item[]>;
  readonly modules: Map<string, Module[]>;
  readonly imports: Map<string, Import[]>;
  readonly stranded: Map<string, Stranded[]>;
  readonly globs: readonly Import[];
}

export function moduleNames(crate: Crate): ReadonlyMap<Module, ModuleNames> {
  const stranded = Map.groupBy(crate.stranded, ({ module }) => module);
  return new Map(
    crate.modules.map((module) => [
      module,
      {
        items: byName(module.items, ({ name }) => name),
        modules: byName(module.children, ({ name }) => name),
        imports: byName(module.imports, ({ kind, name }) => (kind === "glob" ? undefined : name)),
        stranded: byName(stranded.get(module) ?? [], ({ name }) => name),
        globs: module.imports.filter(({ kind }) => kind === "glob"),
      },
    ]),
  );
}

/** A glob brings in what its module may see: what is private only from the modules around it. */
export function globSees(from: Module, module: Module, name: string, { items, imports, globs }: ModuleNames): boolean {
  for (let at: Module | undefined = from; at; at = at.parent) if (at === module) return true;
  const hidden = [
    ...(items.get(name) ?? []).map(({ syntax, file, kind }) => kind !== "macro" && visibilityOf(syntax, file.text) === ""),
    ...(imports.get(name) ?? []).map(({ visibility }) => visibility === ""),
  ];
  return hidden.length > 0 ? hidden.includes(false) : globs.length === 0 || globs.some(({ visibility }) => visibility !== "");
}

function byName<T>(list: readonly T[], nameOf: (one: T) => string | undefined): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const one of list) {
    const name = nameOf(one);
    if (name === undefined) continue;
    const list = map.get(name) ?? [];
    if (list.length === 0) map.set(name, list);
    list.push(one);
  }
  return map;
}
