import { parseFlakeReference } from "../flake-reference.ts";
import type { FlakeInput } from "./flake-input.ts";
import type { LockedFlake } from "./locked-flake.ts";

/**
 * Text of flake.lock as Nix 2.26 writes it for flakes that lie beside each other: a relative path is locked by its parent's tree and has no
 * hash of its own, so one lock of nixpkgs gives them all. Pure.
 */

export interface SiblingFlakes {
  /** Inputs of each sibling, by the name that all flakes give it. */
  readonly inputsOf: (name: string) => readonly FlakeInput[];
  /** What the input `nixpkgs` is locked to, in every flake. */
  readonly nixpkgs: LockedFlake;
}

type LockInputs = LockedFlake["inputs"];

/** The lock of a flake that declares these inputs. */
export function lockText(declared: readonly FlakeInput[], { inputsOf, nixpkgs }: SiblingFlakes): string {
  // By the path of an input from the root. A flake says where inputs of its inputs lead, and these are read after it.
  const follows = new Map<string, readonly string[]>();
  const take = (inputs: readonly FlakeInput[], at: readonly string[]): LockInputs => {
    const own = inputs.filter(({ name }) => !follows.has(place(at, name)));
    for (const { name, follows: rules } of own)
      for (const { path, target } of rules) follows.set(place(at, name, ...path), [...at, ...target]);
    return new Map(
      inputs.map(({ name, url }): [string, LockedFlake | readonly string[]] => {
        const target = follows.get(place(at, name));
        if (target !== undefined) return [name, target];
        if (name === "nixpkgs") return [name, nixpkgs];
        const source = { type: "path", path: parseFlakeReference(url)?.path ?? url };
        return [name, { fields: { locked: source, original: source, parent: at }, inputs: take(inputsOf(name), [...at, name]) }];
      }),
    );
  };
  return textOf(take(declared, []));
}

const place = (at: readonly string[], ...names: readonly string[]): string => [...at, ...names].join("/");

/** Nix names a node after the first input that leads to it, depth first by names; a name that is used already gets a number. */
function textOf(inputs: LockInputs): string {
  const names = new Map<LockedFlake, string>();
  const nodes = new Map<string, unknown>();
  const add = (wanted: string, flake: LockedFlake): string => {
    const known = names.get(flake);
    if (known !== undefined) return known;
    let name = wanted;
    for (let number = 2; nodes.has(name); number += 1) name = `${wanted}_${number}`;
    names.set(flake, name);
    nodes.set(name, undefined);
    const targets = sorted(flake.inputs).map(([input, target]): [string, unknown] => [
      input,
      isFlake(target) ? add(input, target) : target,
    ]);
    nodes.set(name, { ...flake.fields, ...(targets.length > 0 && { inputs: Object.fromEntries(targets) }) });
    return name;
  };
  const root = add("root", { fields: {}, inputs });
  return `${JSON.stringify({ nodes: Object.fromEntries(nodes), root, version: 7 }, keysSorted, 2)}\n`;
}

const isFlake = (target: LockedFlake | readonly string[]): target is LockedFlake => "fields" in target;

const sorted = <T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** For JSON.stringify: attribute sets in the order that Nix gives them. */
const keysSorted = (_: string, value: unknown): unknown =>
  value instanceof Object && !Array.isArray(value) ? Object.fromEntries(sorted(Object.entries(value))) : value;
