import { posix } from "node:path";
import type { NeededFile } from "../../facts.ts";
import type { TrackedTree } from "../../tracked-tree.ts";
import { macroCalls, type RustToken } from "../rust-tokens.ts";

/** Files besides Rust and Cargo files that a build reads: a source filter must let them through, and git must track them. */

const INCLUDES = new Set(["include_str", "include_bytes", "include"]);
const FOLDERS = [".sqlx", "migrations", "proto"] as const;

/** The path an include macro names, relative to the repository; undefined where it is computed (OUT_DIR, a variable). */
function includedPath(source: string, packageDirectory: string, tokens: readonly RustToken[]): string | undefined {
  const [first] = tokens;
  if (first?.kind === "string" && tokens.every((token) => token === first || token.text === ","))
    return posix.join(posix.dirname(source), first.text);
  const strings = tokens.filter((token) => token.kind === "string");
  if (first?.text === "concat" && strings[0]?.text === "CARGO_MANIFEST_DIR" && tokens.some((token) => token.text === "env"))
    return posix.join(packageDirectory, ...strings.slice(1).map((token) => token.text));
  return undefined;
}

/** Include macros of one Rust file of the package in `packageDirectory`. */
export function includedFiles(
  path: string,
  packageDirectory: string,
  tokens: readonly RustToken[],
  tree: Pick<TrackedTree, "has">,
): readonly NeededFile[] {
  return macroCalls(tokens, INCLUDES).flatMap((call) => {
    const target = includedPath(path, packageDirectory, call.arguments);
    return target === undefined ? [] : [{ path: target, neededBy: `${path}:${call.line}`, exists: tree.has(target) }];
  });
}

/** `cargo:rerun-if-changed=PATH` lines of a build script whose path is literal. */
export function watchedFiles(
  path: string,
  packageDirectory: string,
  tokens: readonly RustToken[],
  tree: TrackedTree,
): readonly NeededFile[] {
  return tokens.flatMap((token) => {
    const named =
      token.kind === "string" ? /^cargo::?rerun-if-changed=(?<path>[^{}\n]+)$/u.exec(token.text.trim())?.groups?.path : undefined;
    if (named === undefined || posix.basename(named) === "build.rs" || posix.isAbsolute(named)) return [];
    const target = posix.join(packageDirectory, named).replace(/\/$/, "");
    return [{ path: target, neededBy: `${path}:${token.line}`, exists: tree.has(target) || tree.hasFolder(target) }];
  });
}

/** Folders that tools of the Rust world read by convention: sqlx's offline data and migrations, protocol definitions. */
export function conventionalFolders(packageDirectories: readonly string[], tree: TrackedTree): readonly NeededFile[] {
  return [...new Set([".", ...packageDirectories])].flatMap((directory) =>
    FOLDERS.map((name) => posix.join(directory, name))
      .filter((path) => tree.hasFolder(path))
      .map((path) => ({ path, neededBy: "by convention", exists: true })),
  );
}
