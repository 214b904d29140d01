import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseManifest } from "../../../src/repo/cargo/manifest.ts";
import { crateSource } from "../../../src/repo/rust/crate-source.ts";
import { loadRustGrammar } from "../../../src/repo/rust/read/grammar.ts";
import { splitCrate } from "../../../src/repo/rust/split.ts";
import type { CrateSource, SplitCrate } from "../../../src/repo/rust/types.ts";
import { HOST_PATH } from "../../program/host-tools.ts";

/** Splits crates on disk or in memory, and hands what comes out to the real cargo. */

export const grammar = await loadRustGrammar();

export function readSource(folder: string): CrateSource {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".rs"))
    .map((entry) => join(entry.parentPath, entry.name));
  const manifest = parseManifest(readFileSync(join(folder, "Cargo.toml"), "utf8"));
  if (!manifest.ok) throw new Error(manifest.problem);
  const made = crateSource(manifest.manifest, new Map(files.map((path) => [relative(folder, path), readFileSync(path, "utf8")])));
  if (!made.ok) throw new Error(made.problem);
  return made.source;
}

export const splitText = (files: Readonly<Record<string, string>>, source: Partial<CrateSource> = {}): SplitCrate =>
  splitCrate(grammar, {
    name: "demo",
    version: "0.1.0",
    edition: "2021",
    kind: "lib",
    root: "src/lib.rs",
    files: new Map(Object.entries(files)),
    features: new Map(),
    dependencies: [],
    absent: [],
    ...source,
  });

/** Every node and the join as a folder of its own, as one Cargo workspace. */
export function writeWorkspace(folder: string, split: SplitCrate): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const { name, manifest, source } of split.nodes) {
    write(`${name}/Cargo.toml`, manifest);
    write(`${name}/lib.rs`, source);
  }
  write(`${split.root.name}/Cargo.toml`, split.root.manifest);
  write(`${split.root.name}/${split.root.path}`, split.root.source);
  write("Cargo.toml", '[workspace]\nmembers = ["*"]\nexclude = ["target"]\nresolver = "2"\n');
}

/** The real cargo, without network. */
export function cargo(
  folder: string,
  args: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const env = {
    ...process.env,
    PATH: HOST_PATH,
    CARGO_NET_OFFLINE: "true",
    CARGO_TARGET_DIR: join(folder, "target"),
  };
  return spawnSync("cargo", args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30, env });
}
