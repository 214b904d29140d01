import type { Crate, Import, Item, Module, Path, Stranded } from "../read/model.ts";
import { type Macros, STD_MACROS } from "./macros.ts";
import { membersOf } from "./members.ts";
import type { Found } from "./paths/found.ts";
import { type Resolver, SYSROOT } from "./paths/resolver.ts";
import { type Reference, type References, referencesOf } from "./references/references.ts";

/** What must be there for an item to compile: other items, the `use` declarations that lead to them, crates outside. */

export interface Needs {
  readonly items: ReadonlySet<Item>;
  readonly imports: ReadonlySet<Import>;
  /** Modules that a `use` in a body names. */
  readonly modules: ReadonlySet<Module>;
  /** Ways that end only in what was told apart while reading. */
  readonly stranded: ReadonlySet<Stranded>;
  /** Crates that are not the compiler's own. */
  readonly crates: ReadonlySet<string>;
  readonly unknownMacros: ReadonlySet<string>;
  /** Every macro named, also by the macros it calls. */
  readonly macroNames: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly references: References;
}

export class NeedsReader {
  readonly #resolver: Resolver;
  readonly #macros: Macros;
  readonly #references = new Map<Item, References>();
  readonly #traits = new Map<Module, ReadonlyMap<Item, ReadonlySet<Import>>>();
  readonly #methods = new Map<Item, ReadonlySet<string>>();

  constructor(crate: Crate, resolver: Resolver, macros: Macros, features: ReadonlySet<string>) {
    this.#resolver = resolver;
    this.#macros = macros;
    for (const item of crate.items) {
      this.#references.set(item, referencesOf(item, features));
      if (item.kind === "trait") this.#methods.set(item, new Set(membersOf(item.syntax, item.file.text).map(({ name }) => name)));
    }
  }

  referencesOf(item: Item): References {
    const found = this.#references.get(item);
    if (!found) throw new Error(`${item.label} is of another crate`);
    return found;
  }

  of(item: Item): Needs {
    const references = this.referencesOf(item);
    const items = new Set<Item>();
    const imports = new Set<Import>();
    const modules = new Set<Module>();
    const stranded = new Set<Stranded>();
    const crates = new Set<string>();
    const unknownMacros = new Set<string>();
    const macroNames = new Set<string>();
    const words = new Set(references.words);
    const take = (found: Found): void => {
      for (const one of found.items) if (one !== item) items.add(one);
      for (const one of found.imports) imports.add(one);
      for (const one of found.modules) modules.add(one);
      if (found.items.size + found.modules.size === 0) for (const one of found.stranded) stranded.add(one);
      for (const name of found.crates) if (!SYSROOT.has(name)) crates.add(name);
    };
    const own = item.kind === "macro";
    const bodies: { readonly from: References; readonly macro: boolean }[] = [{ from: references, macro: own }];
    const seen = new Set<Item>();
    for (let body = bodies.pop(); body; body = bodies.pop()) {
      const { from } = body;
      for (const path of from.paths) {
        // What a macro names is looked up where it is called, `$crate` where it is defined.
        const rooted = path.segments[0] === "$crate";
        if (body.macro && own !== rooted) continue;
        const found = this.#path(item.module, path, from.globs);
        if (path.pattern && ![...found.items].some(({ kind }) => CONSTANT.has(kind))) continue;
        take(found);
      }
      for (const glob of from.globs) take(this.#resolver.path(item.module, glob, true));
      for (const path of from.open) {
        if (body.macro && own !== (path.segments[0] === "$crate")) continue;
        const { modules: places } = this.#resolver.path(item.module, path);
        for (const place of places) for (const word of words) take(this.#resolver.name(place, word));
      }
      for (const path of from.macros) {
        const name = path.segments.join("::");
        macroNames.add(path.segments.at(-1) ?? name);
        if (own && path.segments[0] !== "$crate") continue;
        const { macros, found } = this.#macros.find(item.module, path);
        take(found);
        if (macros.length === 0 && found.crates.size === 0 && found.stranded.size === 0 && !this.#knownMacro(path))
          unknownMacros.add(name);
        for (const macro of macros) {
          if (macro !== item) items.add(macro);
          if (seen.has(macro)) continue;
          seen.add(macro);
          const inner = this.referencesOf(macro);
          for (const word of inner.words) words.add(word);
          bodies.push({ from: inner, macro: true });
        }
      }
    }
    if (item.kind !== "macro") {
      for (const [trait, ways] of this.traitsIn(item.module)) {
        if (trait === item || ![...(this.#methods.get(trait) ?? [])].some((name) => words.has(name))) continue;
        items.add(trait);
        for (const one of ways) imports.add(one);
      }
    }
    return { items, imports, modules, stranded, crates, unknownMacros, macroNames, words, references };
  }

  #knownMacro({ segments }: Path): boolean {
    const [first = ""] = segments;
    if (segments.length > 1) return SYSROOT.has(first) || this.#resolver.isAbsent(first);
    return STD_MACROS.has(first) || first === "macro_rules";
  }

  /** A name in a body may come from a `use x::*` of that body. */
  #path(module: Module, path: Reference, globs: readonly Reference[]): Found {
    const found = this.#resolver.path(module, path, path.use);
    const [first] = path.segments;
    if (globs.length === 0 || first === undefined || found.items.size + found.modules.size + found.crates.size > 0) return found;
    for (const glob of globs) {
      for (const target of this.#resolver.path(module, glob, true).modules) {
        const inside = this.#resolver.path(target, { absolute: false, segments: ["self", ...path.segments] });
        if (inside.items.size + inside.modules.size > 0) return inside;
      }
    }
    return found;
  }

  /** The crate's traits whose methods can be called in a module, each with the `use` declarations that bring it there. */
  traitsIn(module: Module, seen = new Set<Module>()): ReadonlyMap<Item, ReadonlySet<Import>> {
    const known = this.#traits.get(module);
    if (known) return known;
    const outermost = seen.size === 0;
    seen.add(module);
    const traits = new Map<Item, ReadonlySet<Import>>();
    for (const item of module.items) if (item.kind === "trait") traits.set(item, new Set());
    for (const one of module.imports) {
      const target = this.#resolver.target(one);
      const ways = (more: Iterable<Import> = []): ReadonlySet<Import> => new Set([one, ...target.imports, ...more]);
      if (one.kind === "name")
        for (const item of target.items) if (item.kind === "trait" && !traits.has(item)) traits.set(item, ways());
      if (one.kind !== "glob") continue;
      for (const other of target.modules) {
        if (seen.has(other)) continue;
        for (const [item, way] of this.traitsIn(other, seen)) if (!traits.has(item)) traits.set(item, ways(way));
      }
    }
    if (outermost) this.#traits.set(module, traits);
    return traits;
  }
}

const CONSTANT: ReadonlySet<string> = new Set(["const", "static", "struct", "enum", "macro call"]);
