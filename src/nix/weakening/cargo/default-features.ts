import type { ChangedText } from "../patterns.ts";
import type { Manifest } from "./manifest.ts";

/** The package's own features that are on where nobody names any, with all that they turn on; optional dependencies by their names. */
export function defaultFeatures({ features }: Manifest): ReadonlySet<string> {
  const table = new Map(Object.entries(features));
  const on = new Set<string>();
  const open = [...(table.get("default") ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    // `x/y` and `x?/y` are features of a dependency, `dep:x` is a dependency that no code can ask for by `cfg`.
    if (on.has(name) || name.includes("/") || name.startsWith("dep:")) continue;
    on.add(name);
    open.push(...(table.get(name) ?? []));
  }
  return on;
}

/** Features that were on by default and that nothing took over. @param files the whole change, where the code tells a feature's new name */
export function lostDefaults(was: Manifest, is: Manifest, files: readonly ChangedText[]): readonly string[] {
  const on = defaultFeatures(is);
  const fresh = [...on].filter((name) => !isDeclared(was, name));
  return [...defaultFeatures(was)].filter((name) => {
    if (on.has(name) || isAlways(is, name)) return false;
    const turnedOn = definition(was, name);
    // A name for several others, which are on without it.
    if (turnedOn.length > 0 && turnedOn.every((one) => on.has(one) || listed(is, on, one))) return false;
    const heir = isDeclared(is, name) ? -1 : fresh.findIndex((other) => isRenamed(turnedOn, definition(is, other), other, files));
    if (heir >= 0) fresh.splice(heir, 1);
    return heir < 0;
  });
}

const definition = ({ features }: Manifest, name: string): readonly string[] => new Map(Object.entries(features)).get(name) ?? [];

const dependency = ({ dependencies }: Manifest, name: string): unknown => new Map(Object.entries(dependencies)).get(name);

const isOptional = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "optional" in value && value.optional === true;

const isDeclared = (manifest: Manifest, name: string): boolean =>
  Object.hasOwn(manifest.features, name) || isOptional(dependency(manifest, name));

/** A dependency that is no longer a choice. */
const isAlways = (manifest: Manifest, name: string): boolean =>
  dependency(manifest, name) !== undefined && !isOptional(dependency(manifest, name));

/** `dep:x` and `x/y`, which some default feature still turns on. */
const listed = (manifest: Manifest, on: ReadonlySet<string>, entry: string): boolean =>
  ["default", ...on].some((name) => definition(manifest, name).includes(entry));

/** A feature that turns nothing on is worth what the code asks it: the code has to ask for the new name. */
function isRenamed(was: readonly string[], is: readonly string[], name: string, files: readonly ChangedText[]): boolean {
  if (was.length > 0 && was.every((entry) => is.includes(entry))) return true;
  return was.length === 0 && files.some(({ path, after = "" }) => path.endsWith(".rs") && after.includes(`feature = "${name}"`));
}
