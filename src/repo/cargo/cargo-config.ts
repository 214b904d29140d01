import { posix } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import type { VendoredDependencies } from "../build-facts.ts";
import type { NativeNeed } from "../facts.ts";
import { LINKERS } from "../sources/library-names.ts";
import { sourceLine, type TrackedTree } from "../tracked-tree.ts";
import { inPackage } from "./targets.ts";

/** `.cargo/config.toml` beside the root manifest (the Cargo book, "Configuration"): replaced sources and linkers. */

const configSchema = z.object({
  source: z.record(z.string(), z.object({ "replace-with": z.string().optional(), directory: z.string().optional() })).default({}),
});

export interface CargoConfig {
  readonly vendored?: VendoredDependencies;
  readonly needs: readonly NativeNeed[];
}

export async function cargoConfig(tree: TrackedTree, root: string, warn: (text: string) => void): Promise<CargoConfig> {
  for (const name of [".cargo/config.toml", ".cargo/config"]) {
    const path = inPackage(root, name);
    const text = (await tree.text(path))?.text;
    if (text === undefined) continue;
    const vendored = vendoredIn(path, text, root, tree, warn);
    return { ...(vendored && { vendored }), needs: linkerNeeds(path, text) };
  }
  return { needs: [] };
}

function vendoredIn(
  path: string,
  text: string,
  root: string,
  tree: TrackedTree,
  warn: (text: string) => void,
): VendoredDependencies | undefined {
  let sources: z.infer<typeof configSchema>["source"];
  try {
    sources = configSchema.parse(parse(text)).source;
  } catch (error) {
    warn(`${path} does not parse: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    return undefined;
  }
  const replaced = sources["crates-io"]?.["replace-with"];
  const directory = replaced === undefined ? undefined : sources[replaced]?.directory;
  if (directory === undefined) return undefined;
  const folder = posix.isAbsolute(directory) ? directory : inPackage(root, directory);
  return { source: sourceLine(path, text, /^\s*replace-with\s*=/), directory: folder, tracked: tree.hasFolder(folder) };
}

/** How a configuration asks for a linker, which the build must then find. */
const LINKER_SIGNS: readonly (readonly [keyof typeof LINKERS, RegExp])[] = [
  ["mold", /-fuse-ld=mold|linker\s*=\s*["'][^"']*\bmold["']/],
  ["lld", /-fuse-ld=lld|linker\s*=\s*["'][^"']*\b(?:ld\.)?lld["']/],
  ["clang", /linker\s*=\s*["'][^"']*\bclang["']/],
];

function linkerNeeds(path: string, text: string): readonly NativeNeed[] {
  const code = text.replace(/(^|\s)#.*$/gm, "$1");
  return LINKER_SIGNS.filter(([, sign]) => sign.test(code)).map(([name, sign]) => {
    const source = sourceLine(path, code, sign);
    return {
      reason: `${source} links with ${name}`,
      nativeBuildInputs: [LINKERS[name]],
      buildInputs: [],
      environment: {},
      source,
    };
  });
}
