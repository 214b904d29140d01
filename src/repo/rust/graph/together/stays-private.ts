import { childOf, everyNode, type Syntax } from "../../read/grammar.ts";
import { visibilityOf } from "../../read/item-facts.ts";
import type { Crate, Import, Item, Module } from "../../read/model.ts";
import { plainPath } from "../../read/use-tree.ts";
import { identifiersIn } from "../macros.ts";
import { fieldsOf, membersOf } from "../members.ts";
import type { Needs } from "../needs.ts";
import type { Resolver } from "../paths/resolver.ts";
import { below, scopeOf } from "../seen-from.ts";
import type { Joined } from "./components.ts";
import { genericsOf } from "./owners.ts";
import { BLANKET, STD_TRAITS } from "./std-traits.ts";

/**
 * What must not become public, because a name elsewhere would then mean it. rustc skips a method, constant or field that is private
 * where it is named and looks on: among the traits, then behind a `Deref`. A glob does not bring in what is private either. So what
 * could be taken for another shares a node with all that may name it, and keeps its visibility there.
 */
export interface StaysPrivate {
  readonly items: ReadonlySet<Item>;
  /** Members of impls, fields of structs. */
  readonly members: ReadonlySet<Syntax>;
}

/** What a macro call at item level writes into an impl of a type, without `pub`. */
export type HiddenMembers = ReadonlyMap<Item, readonly string[]>;

export function joinWhatStaysPrivate(
  crate: Crate,
  kept: readonly Item[],
  needs: ReadonlyMap<Item, Needs>,
  joined: Joined<Item>,
  resolver: Resolver,
  hidden: HiddenMembers,
): StaysPrivate {
  const traits = traitMembers(crate);
  const members = new Set<Syntax>();
  const sayers = new Map<string, Item[]>();
  for (const item of kept) {
    for (const word of needs.get(item)?.words ?? []) {
      const list = sayers.get(word) ?? [];
      if (list.length === 0) sayers.set(word, list);
      list.push(item);
    }
  }
  const keep = (item: Item, visibility: string, said: readonly Item[]): void => {
    const scope = scopeOf(item.module, visibility);
    for (const sayer of said) if (!scope || below(sayer.module, scope)) joined.join(item, sayer);
  };
  // Before anything is joined here: a unit is a type with its impls.
  for (const unit of [...Map.groupBy(kept, (item) => joined.find(item)).values()]) {
    const dereferenced = unit.filter((item) => dereferences(item, needs.get(item)));
    const inherent = unit.flatMap((item) =>
      item.kind === "impl" && !childOf(item.syntax, "trait")
        ? membersOf(item.syntax, item.file.text).map((member) => ({ item, ...member }))
        : [],
    );
    const often = Map.groupBy(inherent, ({ name }) => name);
    const std = new Set(unit.flatMap((item) => stdMembers(item, needs.get(item), resolver)));
    const mistakable = (name: string): boolean => traits.has(name) || std.has(name) || (often.get(name)?.length ?? 0) > 1;
    for (const { item, name, node } of inherent) {
      const visibility = visibilityOf(node, item.file.text);
      if (visibility === "pub" || !(mistakable(name) || (dereferenced.length > 0 && takesSelf(node, item.file.text)))) continue;
      members.add(node);
      keep(item, visibility, sayers.get(name) ?? []);
    }
    for (const item of unit) {
      for (const name of hidden.get(item) ?? [])
        if (dereferenced.length > 0 || mistakable(name)) keep(item, "", sayers.get(name) ?? []);
      if (item.kind !== "struct" || !dereferenced.some((impl) => targetHasFields(impl, resolver))) continue;
      const naming = sayers.get(item.name ?? "") ?? [];
      const filling = naming.filter((sayer) => needs.get(sayer)?.words.has(".."));
      for (const { name, node, visibility, tuple } of fieldsOf(item)) {
        const written = visibility ? item.file.text.slice(visibility.start, visibility.end) : "";
        if (written === "pub") continue;
        members.add(node);
        keep(item, written, [...(sayers.get(name) ?? []), ...(tuple ? naming : filling)]);
      }
    }
  }
  const items = new Set([...seenByGlobs(crate, kept, needs, resolver).keys()]);
  for (const user of kept) for (const used of needs.get(user)?.items ?? []) if (items.has(used)) joined.join(used, user);
  return { items, members };
}

/** Only what takes `self` is called with a dot, which looks behind a `Deref`. */
const takesSelf = (member: Syntax, text: string): boolean => {
  const parameters = childOf(member, "parameters");
  return parameters !== undefined && /\bself\b/u.test(text.slice(parameters.start, parameters.end));
};

/** Names of the standard library's traits that a type may have by what this item says: an impl, a derive, a trait above. */
function stdMembers(
  { kind, syntax, file, module, attributes }: Item,
  needs: Needs | undefined,
  resolver: Resolver,
): readonly string[] {
  const all = (): readonly string[] => [...STD_TRAITS.values()].flat();
  const derived = attributes.flatMap(({ name, tokens }) =>
    name === "derive" ? tokens.flatMap((one) => STD_TRAITS.get(one) ?? []) : [],
  );
  if (kind === "trait") return all();
  if (kind === "macro call") return [...(needs?.words ?? [])].flatMap((word) => STD_TRAITS.get(word) ?? []);
  const trait = kind === "impl" ? childOf(syntax, "trait") : undefined;
  if (!trait) return derived;
  const path = plainPath(trait, file.text);
  const known = STD_TRAITS.get(path?.segments.at(-1) ?? "");
  if (known) return known;
  const own = path !== undefined && [...resolver.path(module, path).items].some((item) => item.kind === "trait");
  return own ? [] : all();
}

/** The names that the crate's own traits, also those that macros write, and blanket impls may give a type. */
function traitMembers(crate: Crate): ReadonlySet<string> {
  const names = new Set(BLANKET);
  for (const { kind, syntax, file } of crate.items) {
    for (const node of everyNode(syntax)) {
      if (node.type === "trait_item") for (const { name } of membersOf(node, file.text)) names.add(name);
    }
    const macro = kind === "macro" || kind === "macro call";
    if (
      macro &&
      [...everyNode(syntax)].some(({ type, start, end }) => type === "trait" || file.text.slice(start, end) === "trait")
    )
      for (const name of identifiersIn(syntax, file.text)) names.add(name);
  }
  return names;
}

function dereferences({ kind, syntax, file }: Item, needs: Needs | undefined): boolean {
  if (kind === "macro call") return needs?.words.has("Deref") ?? false;
  const trait = kind === "impl" ? childOf(syntax, "trait") : undefined;
  return trait !== undefined && plainPath(trait, file.text)?.segments.at(-1) === "Deref";
}

/** False where what is behind the `Deref` is known to be of the standard library: its fields are nobody's to name. */
function targetHasFields({ kind, syntax, file, module }: Item, resolver: Resolver): boolean {
  const target = kind === "impl" && membersOf(syntax, file.text).find(({ name }) => name === "Target");
  const type = target && childOf(target.node, "type");
  if (!type) return true;
  if (type.type === "primitive_type" || type.type === "array_type") return false;
  const path = plainPath(type, file.text);
  if (!path || path.segments.some((name) => name === "Self" || genericsOf(syntax, file.text).has(name))) return true;
  const { items, modules } = resolver.path(module, path);
  return items.size + modules.size > 0;
}

/** Private items that a glob of a module which does not see them would bring in, where something out there says their name. */
export function seenByGlobs(
  crate: Crate,
  kept: readonly Item[],
  needs: ReadonlyMap<Item, Needs>,
  resolver: Resolver,
): ReadonlyMap<Item, Import> {
  const globs = new Map<Module, Import[]>();
  for (const module of crate.modules) {
    for (const one of resolver.globsOf(module)) {
      for (const reached of globReach(one, resolver)) globs.set(reached, [...(globs.get(reached) ?? []), one]);
    }
  }
  const said = new Map<string, Set<Module>>();
  const say = (word: string, module: Module): unknown => said.set(word, (said.get(word) ?? new Set()).add(module));
  for (const item of kept) {
    const its = needs.get(item);
    for (const { segments } of its?.references.paths ?? []) for (const name of segments) say(name, item.module);
    for (const call of its?.references.calls ?? []) say(call, item.module);
    if ([...(its?.items ?? [])].some(({ kind }) => kind === "macro")) for (const word of its?.words ?? []) say(word, item.module);
  }
  const found = new Map<Item, Import>();
  for (const item of kept) {
    if (item.name === undefined || item.kind === "macro" || item.kind === "macro call") continue;
    const visibility = visibilityOf(item.syntax, item.file.text);
    const scope = visibility === "pub" ? undefined : scopeOf(item.module, visibility);
    const glob = scope && globs.get(item.module)?.find(({ module }) => !below(module, scope));
    if (!scope || !glob) continue;
    const names = [item.name, ...(item.kind === "trait" ? membersOf(item.syntax, item.file.text).map(({ name }) => name) : [])];
    if (names.some((name) => [...(said.get(name) ?? [])].some((module) => !below(module, scope)))) found.set(item, glob);
  }
  return found;
}

/** The modules whose names a glob brings in, also through globs there. */
function globReach(glob: Import, resolver: Resolver): ReadonlySet<Module> {
  const reached = new Set<Module>();
  const waiting = [glob];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    for (const module of resolver.target(one).modules) {
      if (reached.has(module)) continue;
      reached.add(module);
      waiting.push(...resolver.globsOf(module));
    }
  }
  return reached;
}
