import type { Item } from "../read/model.ts";

/** Crate names of nodes: the crate's name, the module, the item; of several items the first ones. */

/** `FromHexError` → `from-hex-error`, `parse_u8` → `parse-u8`. */
export const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/gu, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/gu, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "");

/** What a group is named for: its named items, or where it has none the first label. */
function members(group: readonly Item[]): readonly string[] {
  const types = group.filter(({ kind }) => kind === "struct" || kind === "enum" || kind === "union" || kind === "trait");
  const named = group.filter(({ name }) => name !== undefined);
  const main = types.length > 0 ? types : named;
  const [first] = group;
  if (main.length === 0 && first) return [[...first.module.path, `${first.kind} ${labelWords(first)}`].join(" ")];
  const all = [...new Set([...main, ...named].map((item) => [...item.module.path, item.name].join(" ")))];
  return all;
}

const labelWords = (item: Item): string => item.label.split("::").at(-1) ?? "";

const LONGEST = 60;

/** One name a group, in their order; all different, also where Rust's `_` stands for `-`. */
export function nodeNames(crate: string, groups: readonly (readonly Item[])[]): readonly string[] {
  // The crate itself is the join.
  const taken = new Set([kebab(crate)]);
  return groups.map((group) => {
    const all = members(group);
    const parts = all.map((one) => kebab(one) || "item");
    let name = `${kebab(crate)}-${parts[0] ?? "item"}`.slice(0, LONGEST);
    let used = 1;
    for (const part of parts.slice(1, 3)) {
      const longer = `${name}-and-${part}`;
      if (longer.length > LONGEST - 12) break;
      name = longer;
      used += 1;
    }
    if (parts.length > used) name = `${name}-and-${parts.length - used}-more`;
    if (/^[0-9]/u.test(name)) name = `n${name}`;
    let unique = taken.has(name) ? `${name}-${group[0]?.kind.replace(" ", "-") ?? "item"}` : name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name}-${number}`;
    taken.add(unique);
    return unique;
  });
}

/** A package's name as Rust code spells it. */
export const crateName = (node: string): string => node.replaceAll("-", "_");
