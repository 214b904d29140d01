import { enabledFeatures } from "../read/crate-attributes.ts";
import { childOf, type Syntax } from "../read/grammar.ts";
import type { Crate, Item, Module } from "../read/model.ts";
import { plainPath } from "../read/use-tree.ts";
import type { CrateSource, LeftOutReason } from "../types.ts";
import { argumentsOf, identifiersIn, Macros, transcribers, transcriptOf } from "./macros.ts";
import { type Needs, NeedsReader } from "./needs.ts";
import { obstacle, silentTraits } from "./obstacles.ts";
import { Resolver, SYSROOT } from "./paths/resolver.ts";
import { joinForCoherence } from "./together/coherence.ts";
import { components, Joined } from "./together/components.ts";
import { ownersOf } from "./together/owners.ts";
import { joinWhatStaysPrivate, type StaysPrivate, seenByGlobs } from "./together/stays-private.ts";

/** Decides which items share a node: what Rust wants in one crate, and what depends on each other in a circle. */

export interface Grouping {
  readonly groups: readonly (readonly Item[])[];
  readonly leftOut: ReadonlyMap<Item, LeftOutReason>;
  readonly needs: ReadonlyMap<Item, Needs>;
  readonly resolver: Resolver;
  /** Macro calls at item level, with what they may define. */
  readonly generated: ReadonlyMap<Item, readonly string[]>;
  readonly staysPrivate: StaysPrivate;
}

export function groupItems(crate: Crate, source: CrateSource): Grouping {
  const resolver = new Resolver(crate, source);
  const macros = new Macros(crate, resolver);
  const reader = new NeedsReader(crate, resolver, macros, enabledFeatures(source));
  const calls = new Map(
    crate.items.filter(({ kind }) => kind === "macro call").map((call) => [call, written(call, macros, reader)]),
  );
  for (const [call, { names }] of calls) resolver.generates(call, names);

  const generated = new Map([...calls].map(([call, { names }]) => [call, names]));
  const needs = new Map(crate.items.map((item) => [item, reader.of(item)] as const));
  const leftOut = new Map<Item, LeftOutReason>();
  const joined = new Joined<Item>();
  for (const [item, its] of needs) {
    const why = obstacle(item, its, crate.unstable);
    if (why) leftOut.set(item, why);
  }
  for (const module of crate.modules) leaveOutSilentTraits(module, resolver, needs, leftOut);
  for (const module of crate.modules) {
    for (const same of Map.groupBy(module.items, ({ name }) => name).values()) {
      const [first, ...others] = same;
      if (first?.name === undefined) continue;
      for (const other of others) joined.join(first, other);
      if (same.filter(({ kind }) => kind === "macro").length > 1) {
        for (const item of same) leftOut.set(item, { kind: "macro-redefined", name: first.name });
      }
    }
  }
  for (const [item, its] of needs) {
    const owners = item.kind === "macro" ? [] : ownersIn(item, its, calls.get(item), resolver);
    if (owners === "unknown") leftOut.set(item, leftOut.get(item) ?? { kind: "owner-unknown" });
    else for (const owner of owners) joined.join(owner, item);
    for (const used of its.items) if (calls.get(used)?.closed) joined.join(used, item);
  }
  joinForCoherence(needs.keys(), joined, resolver);
  // Checks at compile time (`const _: () = assert!(…)`) go with what they check.
  for (const [item, its] of needs) {
    const [first] = its.items;
    if (item.kind === "const" && item.name === undefined && first) joined.join(first, item);
  }
  leaveOutMacroParts(crate, needs, resolver, leftOut);
  cascade(needs, joined, leftOut, resolver);

  const kept = crate.items.filter((item) => !leftOut.has(item));
  const hidden = new Map([...calls].map(([call, its]) => [call, its.hidden]));
  const staysPrivate = joinWhatStaysPrivate(crate, kept, needs, joined, resolver, hidden);
  const units = Map.groupBy(kept, (item) => joined.find(item));
  const edges = (unit: Item): ReadonlySet<Item> => {
    const others = new Set<Item>();
    for (const item of units.get(unit) ?? []) {
      for (const used of needs.get(item)?.items ?? []) if (!leftOut.has(used)) others.add(joined.find(used));
    }
    return others;
  };
  const order = (a: Item, b: Item): number => a.id - b.id;
  const groups = components([...units.keys()], edges).map((component) =>
    component.flatMap((unit) => units.get(unit) ?? []).sort(order),
  );
  groups.sort(([a], [b]) => (a?.id ?? 0) - (b?.id ?? 0));
  return { groups, leftOut, needs, resolver, generated, staysPrivate };
}

interface Written {
  readonly names: readonly string[];
  /** It defines something that is not `pub`. */
  readonly closed: boolean;
  /** Members of the impls it writes that are not `pub`. */
  readonly hidden: readonly string[];
  readonly impls: readonly { readonly header: readonly Syntax[]; readonly macro: Item }[];
}

/** What a macro call at item level writes, with the macros that its macro calls. */
function written(call: Item, macros: Macros, reader: NeedsReader): Written {
  const names = new Set<string>();
  const hidden = new Set<string>();
  const impls: { readonly header: readonly Syntax[]; readonly macro: Item }[] = [];
  let closed = false;
  const given = argumentsOf(call.syntax);
  const words = given ? identifiersIn(given, call.file.text) : [];
  const seen = new Set<Item>();
  const waiting = reader.referencesOf(call).macros.flatMap((path) => macros.find(call.module, path).macros);
  for (let macro = waiting.pop(); macro; macro = waiting.pop()) {
    if (seen.has(macro)) continue;
    seen.add(macro);
    const transcript = transcriptOf(transcribers(macro), macro.file.text);
    for (const name of transcript.defines) for (const one of name === undefined ? words : [name]) names.add(one);
    for (const name of transcript.hidden) for (const one of name === undefined ? words : [name]) hidden.add(one);
    closed ||= transcript.closed;
    for (const header of transcript.impls) impls.push({ header, macro });
    waiting.push(...reader.referencesOf(macro).macros.flatMap((path) => macros.find(call.module, path).macros));
  }
  if (seen.size === 0 && given) {
    // `thread_local! { static X: … }`, and items that are handed through whole.
    const own = transcriptOf([given], call.file.text);
    for (const name of own.defines) if (name !== undefined) names.add(name);
    for (const name of own.hidden) if (name !== undefined) hidden.add(name);
    closed = own.closed;
  }
  return { names: [...names], closed, hidden: [...hidden], impls };
}

/** The items that an item's impls have to stand beside. */
function ownersIn(item: Item, needs: Needs, call: Written | undefined, resolver: Resolver): readonly Item[] | "unknown" {
  const owners: Item[] = [];
  for (const impl of needs.references.impls) {
    const found = ownersOf(impl, item.module, item.file.text, resolver);
    // Inside a body the type may be the body's own.
    if (found.length === 0 && impl === item.syntax) return "unknown";
    owners.push(...found.filter((owner) => owner !== item));
  }
  if (!call || call.impls.length === 0) return owners;
  // A macro's headers name types by metavariables: what is named in the header or given to the call is taken, all of it.
  const named = (tokens: readonly Syntax[], macro: Item): readonly Item[] =>
    pathsIn(tokens, macro.file.text).flatMap((segments) => [...resolver.path(item.module, { absolute: false, segments }).items]);
  const types = (list: Iterable<Item>): readonly Item[] =>
    [...list].filter(({ kind }) => kind === "struct" || kind === "enum" || kind === "union" || kind === "macro call");
  const given = needs.references.paths.flatMap((path) => [...resolver.path(item.module, path).items]);
  for (const { header, macro } of call.impls) {
    const split = header.findIndex(({ start, end }) => macro.file.text.slice(start, end) === "for");
    const traits = named(split < 0 ? [] : header.slice(0, split), macro).filter(({ kind }) => kind === "trait");
    const givenTraits = given.filter(({ kind }) => kind === "trait");
    const metaTrait = split > 0 && header.slice(0, split).some(({ type }) => type === "metavariable");
    if (traits.length > 0) owners.push(...traits);
    else if (metaTrait && givenTraits.length > 0) owners.push(...givenTraits);
    else {
      const found = [...types(named(header, macro)), ...types(given)];
      // A call that defines types may write impls for those.
      if (found.length === 0 && call.names.length === 0) return "unknown";
      owners.push(...found);
    }
  }
  return owners.filter((owner) => owner !== item);
}

/** `private::Sealed for $t` → [["private", "Sealed"]] */
function pathsIn(tokens: readonly Syntax[], text: string): readonly (readonly string[])[] {
  const paths: string[][] = [];
  let open = false;
  for (const [index, token] of tokens.entries()) {
    const word = text.slice(token.start, token.end);
    if (word === "::") continue;
    const named = token.type === "identifier" || ["crate", "self", "super", "$crate"].includes(word);
    const before = tokens[index - 1];
    const joins = before !== undefined && text.slice(before.start, before.end) === "::";
    if (named && joins && open) paths.at(-1)?.push(word);
    else if (named && !joins) paths.push([word]);
    open = named;
  }
  return paths;
}

function leaveOutSilentTraits(
  module: Module,
  resolver: Resolver,
  needs: ReadonlyMap<Item, Needs>,
  leftOut: Map<Item, LeftOutReason>,
): void {
  const words = new Set(
    module.items.flatMap((item) => needs.get(item)?.references.paths.map(({ segments }) => segments[0] ?? "") ?? []),
  );
  const [silent] = silentTraits(module, resolver, words);
  if (!silent) return;
  const [crate = ""] = resolver.target(silent).crates;
  for (const item of module.items) {
    if ((needs.get(item)?.references.calls.size ?? 0) > 0 && !leftOut.has(item))
      leftOut.set(item, { kind: "external-crate", crate });
  }
}

/** What a macro names is named wherever the macro is called: it would have to be public, where a glob would bring it in. */
function leaveOutMacroParts(
  crate: Crate,
  needs: ReadonlyMap<Item, Needs>,
  resolver: Resolver,
  leftOut: Map<Item, LeftOutReason>,
): void {
  const parts = new Set([...needs].flatMap(([{ kind }, { items }]) => (kind === "macro" ? [...items] : [])));
  for (const [item, glob] of seenByGlobs(crate, [...needs.keys()], needs, resolver)) {
    const by = ["crate", ...glob.module.path].join("::");
    if (parts.has(item) && !leftOut.has(item))
      leftOut.set(item, { kind: "seen-by-glob", glob: glob.target.segments.join("::"), by });
  }
}

/** What needs something that is left out is left out; so are the items beside it that Rust wants in the same crate. */
function cascade(
  needs: ReadonlyMap<Item, Needs>,
  joined: Joined<Item>,
  leftOut: Map<Item, LeftOutReason>,
  resolver: Resolver,
): void {
  const users = new Map<Item, Item[]>();
  for (const [item, { items, stranded }] of needs) {
    for (const used of items) {
      const list = users.get(used) ?? [];
      if (list.length === 0) users.set(used, list);
      list.push(item);
    }
    const missing = [...stranded].find(({ reason }) => reason.kind !== "test" && reason.kind !== "cfg-off");
    if (missing && !leftOut.has(item)) leftOut.set(item, { kind: "needs-left-out", needs: missing.label });
  }
  const units = Map.groupBy(needs.keys(), (item) => joined.find(item));
  const waiting = [...leftOut.keys()];
  for (let gone = waiting.pop(); gone; gone = waiting.pop()) {
    // An impl of a trait from a crate outside is missed by nobody inside.
    const beside = implOfOutside(gone, resolver) ? [] : (units.get(joined.find(gone)) ?? []);
    for (const item of [...beside, ...(users.get(gone) ?? [])]) {
      if (leftOut.has(item)) continue;
      leftOut.set(item, { kind: "needs-left-out", needs: gone.label });
      waiting.push(item);
    }
  }
}

function implOfOutside({ kind, syntax, module, file }: Item, resolver: Resolver): boolean {
  const trait = kind === "impl" ? childOf(syntax, "trait") : undefined;
  const path = trait && plainPath(trait, file.text);
  return path !== undefined && [...resolver.path(module, path).crates].some((name) => !SYSROOT.has(name));
}
