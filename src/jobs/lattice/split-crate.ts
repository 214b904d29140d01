import { posix } from "node:path";
import type { NodeFiles } from "../../nix/lattice/generate.ts";
import type { LatticeNode, LeftOut } from "../../nix/lattice/plan.ts";
import { readWorktreeFile, trackedFiles } from "../../nix/mechanics/worktree-files.ts";
import { type Manifest, parseManifest } from "../../repo/cargo/manifest.ts";
import { crateSource } from "../../repo/rust/crate-source.ts";
import { loadRustGrammar } from "../../repo/rust/read/grammar.ts";
import { splitCrate } from "../../repo/rust/split.ts";

/** The items of a crate as nodes of a lattice, with a last node that is the crate again. */

export type SplitOf =
  | {
      readonly ok: true;
      readonly nodes: readonly LatticeNode[];
      readonly files: ReadonlyMap<string, NodeFiles>;
      readonly leftOut: readonly LeftOut[];
    }
  | { readonly ok: false; readonly problem: string; readonly next: string };

/** More is no crate that a person wants as flakes of one item each. */
const MAX_FILES = 2_000;

/**
 * @param worktree absolute; its tracked files are read
 * @param folder of the crate's Cargo.toml, relative to it
 */
export async function splitOf(worktree: string, folder: string): Promise<SplitOf> {
  const path = posix.join(folder, "Cargo.toml");
  const text = await readWorktreeFile(worktree, path);
  if (text === undefined)
    return { ok: false, problem: `${path}: there is no such file`, next: "Name the folder of a Cargo.toml." };
  const manifest = parseManifest(text);
  if (!manifest.ok) return { ok: false, problem: `${path}: ${manifest.problem}`, next: "Correct it first." };
  const paths = (await trackedFiles(worktree, "*.rs")).filter((each) => folder === "." || each.startsWith(`${folder}/`));
  if (paths.length > MAX_FILES)
    return { ok: false, problem: `${folder} holds ${paths.length} Rust files`, next: `Split a crate of at most ${MAX_FILES}.` };
  const files = new Map<string, string>();
  for (const each of paths) files.set(posix.relative(folder, each), (await readWorktreeFile(worktree, each)) ?? "");
  const workspace = await workspaceAbove(worktree, folder);
  const made = crateSource(manifest.manifest, files, workspace ? { workspace } : {});
  if (!made.ok) return { ok: false, problem: `${path}: ${made.problem}`, next: "Name the folder of one crate with its sources." };
  const { nodes, root, leftOut } = splitCrate(await loadRustGrammar(), made.source);
  // Without its main the join of a program would be one that does nothing, and would build.
  const main = root.kind === "bin" ? leftOut.find(({ item, kind }) => item === "main" && kind === "fn") : undefined;
  const all = [...nodes.map((node) => ({ ...node, path: "lib.rs" })), ...(main ? [] : [root])];
  const join = main && {
    item: root.name,
    file: posix.join(folder, main.file),
    line: main.line,
    reason: `the program itself: its main is left out, since ${main.why}`,
  };
  return {
    ok: true,
    nodes: all.map(({ name, depends }) => ({ name, kind: "crate", depends: [...depends] })),
    files: new Map(all.map((node) => [node.name, { "Cargo.toml": node.manifest, [node.path]: node.source }])),
    leftOut: [
      ...leftOut.map(({ item, file, line, why }) => ({ item, file: posix.join(folder, file), line, reason: why })),
      ...(join ? [join] : []),
    ],
  };
}

/** The `[workspace]` of the nearest manifest above, for keys that a member takes from there. */
async function workspaceAbove(worktree: string, folder: string): Promise<Manifest["workspace"]> {
  for (let above = folder; ; above = posix.dirname(above)) {
    const text = await readWorktreeFile(worktree, posix.join(above, "Cargo.toml"));
    const parsed = text === undefined ? undefined : parseManifest(text);
    if (parsed?.ok && parsed.manifest.workspace) return parsed.manifest.workspace;
    if (above === "." || above === "/") return undefined;
  }
}
