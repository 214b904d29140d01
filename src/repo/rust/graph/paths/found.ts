import type { Import, Item, Module, Stranded } from "../../read/model.ts";

/** What a path turned out to mean. */

export interface Found {
  readonly items: ReadonlySet<Item>;
  readonly modules: ReadonlySet<Module>;
  /** `use` declarations that the way led through. */
  readonly imports: ReadonlySet<Import>;
  readonly stranded: ReadonlySet<Stranded>;
  /** Crates outside: `std`, or the name of a dependency. */
  readonly crates: ReadonlySet<string>;
}

export class Gathering implements Found {
  readonly items = new Set<Item>();
  readonly modules = new Set<Module>();
  readonly imports = new Set<Import>();
  readonly stranded = new Set<Stranded>();
  readonly crates = new Set<string>();

  add(other: Found): void {
    for (const item of other.items) this.items.add(item);
    for (const module of other.modules) this.modules.add(module);
    for (const one of other.imports) this.imports.add(one);
    for (const one of other.stranded) this.stranded.add(one);
    for (const name of other.crates) this.crates.add(name);
  }

  get empty(): boolean {
    return this.items.size + this.modules.size + this.crates.size + this.stranded.size === 0;
  }
}

export const NOTHING: Found = new Gathering();
