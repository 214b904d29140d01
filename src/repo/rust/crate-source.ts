import type { Manifest } from "../cargo/manifest.ts";
import { inherited } from "../cargo/manifest.ts";
import { enabledFeatures } from "./read/crate-attributes.ts";
import type { CrateSource, Edition } from "./types.ts";

/** What the splitter takes, from a package's Cargo.toml and its files. */

const EDITIONS: readonly Edition[] = ["2015", "2018", "2021", "2024"];

export type CrateSourceResult =
  | { readonly ok: true; readonly source: CrateSource }
  | { readonly ok: false; readonly problem: string };

/**
 * `files` are the package's, by path below its folder; `workspace` the manifest that keys with `workspace = true` come from.
 * Without `target` the library is taken, or the program where there is none.
 */
export function crateSource(
  manifest: Manifest,
  files: ReadonlyMap<string, string>,
  options: { readonly workspace?: Manifest["workspace"]; readonly target?: "lib" | "bin" } = {},
): CrateSourceResult {
  const facts = manifest.package;
  if (!facts) return { ok: false, problem: "Cargo.toml has no [package]: name the folder of one package of the workspace" };
  const lib = manifest.lib?.path ?? "src/lib.rs";
  const [bin] = manifest.bin.flatMap(({ path }) => (path === undefined ? [] : [path]));
  const program = files.has("src/main.rs") ? "src/main.rs" : (bin ?? "src/main.rs");
  const kind = options.target ?? (files.has(lib) ? "lib" : "bin");
  const root = kind === "lib" ? lib : program;
  if (!files.has(root))
    return { ok: false, problem: `${root} does not exist: ${facts.name} has no ${kind === "lib" ? "library" : "program"} there` };
  const edition = EDITIONS.find((one) => one === (inherited(facts.edition, "edition", options.workspace) ?? "2015"));
  if (!edition) return { ok: false, problem: `Cargo.toml names an edition that is not known; known are ${EDITIONS.join(", ")}` };
  // The program sees the package's own library as another crate.
  const library = kind === "bin" && files.has(lib) ? [manifest.lib?.name ?? facts.name] : [];
  const tables = [manifest, ...Object.values(manifest.target)];
  const listed = tables.flatMap((table) => Object.entries(table.dependencies));
  const features = new Map(Object.entries(manifest.features));
  const on = enabledFeatures({ features });
  const wanted = new Set(
    [...on].flatMap((feature) => features.get(feature) ?? []).map((one) => one.replace(/^dep:|\/.*$/gu, "")),
  );
  const used = ([key, dependency]: (typeof listed)[number]): boolean =>
    typeof dependency === "string" || dependency.optional !== true || on.has(key) || wanted.has(key);
  const spelled = (names: readonly string[]): readonly string[] => [...new Set(names.map((one) => one.replaceAll("-", "_")))];
  const present = spelled([...library, ...listed.filter(used).map(([key]) => key)]);
  return {
    ok: true,
    source: {
      name: facts.name,
      version: inherited(facts.version, "version", options.workspace) ?? "0.0.0",
      edition,
      kind,
      root,
      files,
      features,
      dependencies: present,
      absent: spelled(listed.map(([key]) => key)).filter((one) => !present.includes(one)),
    },
  };
}
