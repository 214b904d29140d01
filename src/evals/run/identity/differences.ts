import canonicalize from "canonicalize";
import { sha256 } from "../../../world/content/listing.ts";
import type { Manifest } from "../manifest.ts";
import { shardText } from "../plan/shard.ts";
import type { Surroundings } from "./surroundings.ts";

/** One thing in which two runs, or a run and this machine, differ. */
export interface Difference {
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

/** What a comparison may be made by. */
export const COMPARED_BY = ["model", "agent", "prompts", "world", "nix"] as const;
export type ComparedBy = (typeof COMPARED_BY)[number];

/** What belongs to which `--by`: all the rest must be equal. */
const FIELDS: readonly (readonly [what: string, by: readonly ComparedBy[], of: (manifest: Comparable) => string])[] = [
  ["suite", [], ({ facts }) => facts.suite],
  ["suite schema", [], ({ suiteSchema }) => String(suiteSchema)],
  ["gate version", [], ({ gateVersion }) => String(gateVersion)],
  ["agent", ["agent"], ({ agent }) => agent.build],
  ["tools", ["agent"], ({ agent }) => agent.tools],
  ["prompts", ["prompts", "agent"], ({ agent }) => agent.prompts],
  ["world", ["world"], ({ facts }) => `${facts.world.name} ${facts.world.hash}`],
  ["world mode", [], ({ facts }) => facts.world.mode],
  ["Nix", ["nix"], ({ facts }) => facts.env.nix],
  ["toolchain", ["world", "nix"], ({ facts }) => facts.env.toolchain],
  ["isolation", [], ({ facts }) => facts.env.isolation],
  ["store", [], ({ store }) => store],
  ["builders", [], ({ builders }) => builders.join(" ") || "none"],
  ["limits", [], limitsText],
];

export type Comparable = Pick<Manifest, "facts" | "suiteSchema" | "gateVersion" | "agent" | "store" | "builders" | "tasks">;

/** Of all tasks together, such as `wall-s 900 on 12 tasks, 1200 on 2`: runs of one suite may give them other limits (`--max-wall`). */
export function limitsText({ tasks }: Pick<Manifest, "tasks">): string {
  const names = [...new Set(tasks.flatMap(({ limits }) => Object.keys(limits)))].sort();
  return names
    .map((name) => {
      const counts = new Map<number, number>();
      for (const { limits } of tasks)
        if (limits[name] !== undefined) counts.set(limits[name], (counts.get(limits[name]) ?? 0) + 1);
      const parts = [...counts].sort(([a], [b]) => a - b);
      return `${name} ${parts.map(([value, count]) => (parts.length === 1 ? String(value) : `${value} on ${count}`)).join(", ")}`;
    })
    .join("; ");
}

/** What stands in the way of comparing two runs by one of their fields. Another agent may have other prompts and tools; another world or Nix is built with other tools of the machine. */
export const comparisonDifferences = (a: Comparable, b: Comparable, by: ComparedBy): readonly Difference[] =>
  FIELDS.filter(([, belongs]) => !belongs.includes(by)).flatMap(([what, , of]) => differing(what, of(a), of(b)));

/**
 * What stands in the way of going on with a run: the suite may only have grown, and everything else must be as it was.
 * @param now the manifest that would be written today
 */
export const resumeDifferences = (before: Manifest, now: Manifest): readonly Difference[] => [
  ...FIELDS.filter(([what]) => what !== "suite" && what !== "limits").flatMap(([what, , of]) =>
    differing(what, of(before), of(now)),
  ),
  ...differing("shard", shardOf(before), shardOf(now)),
  ...before.tasks.flatMap(({ id, hash, limits }) => {
    const task = now.tasks.find((one) => one.id === id);
    return task
      ? [...differing(`task ${id}`, hash, task.hash), ...differing(`limits of ${id}`, textOf(limits), textOf(task.limits))]
      : differing(`task ${id}`, hash, NOT_HERE);
  }),
  ...before.models.flatMap((model) => {
    const again = now.models.find(({ alias }) => alias === model.alias);
    return differing(`model ${model.alias}`, modelText(model), again ? modelText(again) : NOT_HERE);
  }),
];

const NOT_HERE = "cannot be run here";

/** Whether what is here is what a run's trials were in. What builds of another world, Nix, compiler or without a sandbox show is another result. */
export const surroundingsDifferences = (
  { facts: { world, env } }: Pick<Manifest, "facts">,
  now: Pick<Surroundings, "world" | "nix" | "toolchain" | "isolation">,
): readonly Difference[] => [
  ...differing("world", `${world.name} ${world.hash} ${world.mode}`, `${now.world.name} ${now.world.hash} ${now.world.mode}`),
  ...differing("Nix", env.nix, now.nix),
  ...differing("toolchain", env.toolchain, now.toolchain),
  ...differing("isolation", env.isolation, now.isolation),
];

/** Shards belong together if they are parts of one plan. Where and when they ran may differ. */
export const shardDifferences = (a: Manifest, b: Manifest): readonly Difference[] => [
  ...FIELDS.flatMap(([what, , of]) => differing(what, of(a), of(b))),
  ...differing("seed", a.facts.seed, b.facts.seed),
  ...differing("number of shards", String(a.shard?.of ?? 1), String(b.shard?.of ?? 1)),
  ...differing("plan", planText(a), planText(b)),
  ...a.models.flatMap(({ alias, price }) => {
    const other = b.models.find((model) => model.alias === alias);
    return other ? differing(`price of ${alias}`, priceText(price), priceText(other.price)) : [];
  }),
];

const planText = ({ plan }: Manifest): string => `${plan.length} trials ${sha256(plan.map(({ key }) => key).join(" "))}`;

const priceText = (price: Manifest["models"][number]["price"]): string => canonicalize(price) ?? "unknown";

const shardOf = ({ shard }: Manifest): string => (shard ? shardText(shard) : "none");

/** Limits by name, such as `wall-s 900`. */
const textOf = (limits: Manifest["tasks"][number]["limits"]): string =>
  Object.entries(limits)
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join(", ");

const modelText = ({ provider, name, params }: Manifest["models"][number]): string =>
  `${provider} ${name} ${canonicalize(params) ?? ""}`;

export const differing = (what: string, a: string, b: string): readonly Difference[] =>
  a === b ? [] : [{ what, a: short(a), b: short(b) }];

/** Hashes are told apart by their beginning. */
const short = (text: string): string => text.replace(/\b[0-9a-f]{40,}\b/gu, (hash) => hash.slice(0, 12));

export const differencesText = (differences: readonly Difference[]): string =>
  differences.map(({ what, a, b }) => `  ${what}: ${a} and ${b}`).join("\n");
