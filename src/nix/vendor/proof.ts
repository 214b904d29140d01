import type { FlakeInputs, InputOverride } from "../nix.ts";
import { declaredSources } from "../policy/declared-sources.ts";

/**
 * Whether two evaluations of the declared inputs differ in the source of one input and in nothing else.
 * @param name of the source: `nixpkgs`, or `naersk/nixpkgs` for an override
 * @param url what it must be now
 * @returns what else differs; undefined: proven
 */
export function differsBeyond(before: FlakeInputs, after: FlakeInputs, name: string, url: string): string | undefined {
  const now = declaredSources(after).find((source) => source.name === name)?.url;
  if (now !== url) return `the input '${name}' evaluates to ${now ?? "nothing"}, not to ${url}`;
  const [old, fresh] = [flat(before), flat(after)];
  for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    if (JSON.stringify(withoutSource(old[key], key === name)) !== JSON.stringify(withoutSource(fresh[key], key === name)))
      return key === name ? `more than the source of '${name}' changed` : `'${key}' would change too`;
  }
  return JSON.stringify([before.outputArguments, before.nixConfig]) === JSON.stringify([after.outputArguments, after.nixConfig])
    ? undefined
    : "the arguments of outputs or nixConfig would change too";
}

const flat = ({ inputs }: FlakeInputs): Record<string, InputOverride> =>
  Object.fromEntries(
    inputs.flatMap(({ name, overrides, ...input }) => [
      [name, input],
      ...Object.entries(overrides).map(([path, override]) => [`${name}/${path}`, override] as const),
    ]),
  );

/** Places move with the text before them. */
function withoutSource(declared: InputOverride | undefined, its: boolean): unknown {
  if (declared === undefined) return null;
  const { url, flake, follows, attributes } = declared;
  return its ? { flake, follows } : { url, flake, follows, attributes };
}
