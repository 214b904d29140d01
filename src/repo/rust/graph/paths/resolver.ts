import type { Crate, Import, Item, Module, Path } from "../../read/model.ts";
import type { CrateSource, Edition } from "../../types.ts";
import { variantNames } from "../members.ts";
import { type Found, Gathering, NOTHING } from "./found.ts";
import { globSees, type ModuleNames, moduleNames } from "./module-names.ts";

/** Finds what a path means in a module, as far as syntax tells: both namespaces at once, so rather an item too many than one too few. */

export const SYSROOT: ReadonlySet<string> = new Set(["std", "core", "alloc"]);

const MOST_SEARCHES = 2_000;

export class Resolver {
  readonly #crate: Crate;
  readonly #edition: Edition;
  readonly #dependencies: ReadonlySet<string>;
  readonly #absent: ReadonlySet<string>;
  readonly #names: ReadonlyMap<Module, ModuleNames>;
  readonly #known = new Map<string, Found>();
  readonly #open = new Set<string>();
  /** Names that a macro call at item level may define. */
  readonly #generated = new Map<Module, Map<string, Set<Item>>>();

  constructor(crate: Crate, { edition, dependencies, absent }: Pick<CrateSource, "edition" | "dependencies" | "absent">) {
    this.#crate = crate;
    this.#edition = edition;
    this.#dependencies = new Set(dependencies);
    this.#absent = new Set(absent);
    this.#names = moduleNames(crate);
  }

  /** To be called before the first path is resolved, except of macros. */
  generates(item: Item, names: Iterable<string>): void {
    const table = this.#generated.get(item.module) ?? new Map<string, Set<Item>>();
    this.#generated.set(item.module, table);
    for (const name of names) table.set(name, (table.get(name) ?? new Set()).add(item));
    this.#known.clear();
  }

  path(module: Module, path: Path, use = false): Found {
    const [first, ...rest] = path.segments;
    if (first === undefined) return path.absolute ? { ...NOTHING, modules: new Set([this.#crate.root]) } : NOTHING;
    let at = this.#start(module, path, first, use, rest.length);
    let index = 0;
    // `super::super::x`
    while (rest[index] === "super" && at.modules.size > 0) {
      at = { ...at, modules: new Set([...at.modules].map((one) => one.parent ?? this.#crate.root)) };
      index += 1;
    }
    for (const name of rest.slice(index)) {
      if (at.modules.size === 0) return at;
      const next = new Gathering();
      next.add({ ...at, modules: new Set() });
      for (const one of at.modules) next.add(this.name(one, name));
      at = next;
    }
    return at;
  }

  #start(module: Module, { absolute }: Path, first: string, use: boolean, rest: number): Found {
    const old = this.#edition === "2015";
    if (first === "crate" || first === "$crate") return { ...NOTHING, modules: new Set([this.#crate.root]) };
    if (first === "self") return { ...NOTHING, modules: new Set([absolute ? this.#crate.root : module]) };
    if (first === "super") return { ...NOTHING, modules: new Set([module.parent ?? this.#crate.root]) };
    if (absolute && !old) return this.isAbsent(first) ? NOTHING : { ...NOTHING, crates: new Set([first]) };
    const found = this.name(old && (use || absolute) ? this.#crate.root : module, first);
    if (found.items.size + found.modules.size + found.crates.size + found.stranded.size > 0) return found;
    // Alone, a crate's name means something only in a `use`.
    if (rest === 0 && !use) return NOTHING;
    if (SYSROOT.has(first) || this.#dependencies.has(first)) return { ...NOTHING, crates: new Set([first]) };
    // `extern crate alloc;` in the root is known everywhere.
    const outer =
      this.#namesOf(this.#crate.root)
        .imports.get(first)
        ?.filter(({ kind }) => kind === "extern crate") ?? [];
    if (outer.length > 0) return { ...NOTHING, crates: new Set(outer.map(({ target }) => target.segments[0] ?? first)) };
    // A `use` of something unknown is a crate that Cargo.toml calls otherwise, or a name that is generated.
    return use && rest > 0 && !old && !this.isAbsent(first) ? { ...NOTHING, crates: new Set([first]) } : NOTHING;
  }

  /** What a name means inside a module, from there on through `use`. */
  name(module: Module, name: string): Found {
    const key = `${module.id} ${name}`;
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#open.has(key)) {
      // `mod wrap; pub use wrap::wrap;`: on the way to what a `use` means, the name is what is written beside it.
      this.#circles += 1;
      const names = this.#namesOf(module);
      return {
        ...NOTHING,
        items: new Set(names.items.get(name)),
        modules: new Set(names.modules.get(name)),
        stranded: new Set(names.stranded.get(name)),
      };
    }
    if (this.#open.size === 0) this.#searches = 0;
    this.#searches += 1;
    const before = this.#circles;
    this.#open.add(key);
    const found = this.#search(module, name);
    this.#open.delete(key);
    // What was found inside a circle of `use` may lack what the circle was about to find. Modules that all glob each other
    // have more circles than can be walked: past a limit the first answer stands.
    if (this.#circles === before || this.#open.size === 0 || this.#searches > MOST_SEARCHES) this.#known.set(key, found);
    return found;
  }

  #circles = 0;
  #searches = 0;

  #search(module: Module, name: string): Found {
    const names = this.#namesOf(module);
    const found = new Gathering();
    for (const item of names.items.get(name) ?? []) found.items.add(item);
    for (const child of names.modules.get(name) ?? []) found.modules.add(child);
    for (const one of names.imports.get(name) ?? []) {
      const target = this.target(one);
      // A name that leads nowhere that is known is still a name: what it hides stays hidden.
      if (target.items.size + target.modules.size + target.crates.size + target.stranded.size === 0) continue;
      found.add(target);
      found.imports.add(one);
    }
    for (const one of names.stranded.get(name) ?? []) found.stranded.add(one);
    if (found.empty) for (const item of this.#generated.get(module)?.get(name) ?? []) found.items.add(item);
    if (found.empty) for (const glob of names.globs) this.#throughGlob(glob, name, found);
    // `mod std { pub use core::*; }`: what no module of the crate has may be one of the compiler's own.
    if (found.empty) {
      for (const glob of names.globs) {
        const { crates, imports } = this.target(glob);
        const own = [...crates].filter((one) => SYSROOT.has(one));
        if (own.length > 0) found.add({ ...NOTHING, crates: new Set(own), imports: new Set([glob, ...imports]) });
      }
    }
    return found;
  }

  #throughGlob(glob: Import, name: string, found: Gathering): void {
    const target = this.target(glob);
    for (const module of target.modules) {
      if (module === glob.module || !globSees(glob.module, module, name, this.#namesOf(module))) continue;
      const inside = this.name(module, name);
      if (inside.items.size + inside.modules.size + inside.crates.size + inside.stranded.size === 0) continue;
      found.add(inside);
      found.imports.add(glob);
      for (const one of target.imports) found.imports.add(one);
    }
    for (const item of target.items) {
      if (item.kind !== "enum" || !variantNames(item).has(name)) continue;
      found.items.add(item);
      found.imports.add(glob);
      for (const one of target.imports) found.imports.add(one);
    }
  }

  /** An optional dependency that is off. */
  isAbsent(name: string): boolean {
    return this.#absent.has(name);
  }

  /** What a `use` leads to. */
  target(one: Import): Found {
    if (one.kind !== "extern crate") return this.path(one.module, one.target, true);
    const [crate] = one.target.segments;
    return crate === "self"
      ? { ...NOTHING, modules: new Set([this.#crate.root]) }
      : { ...NOTHING, crates: new Set(crate === undefined ? [] : [crate]) };
  }

  globsOf(module: Module): readonly Import[] {
    return this.#namesOf(module).globs;
  }

  #namesOf(module: Module): ModuleNames {
    const names = this.#names.get(module);
    if (!names) throw new Error(`module ${module.path.join("::")} is of another crate`);
    return names;
  }
}
