import { posix } from "node:path";
import type { NeededFile } from "../../facts.ts";
import type { TrackedTree } from "../../tracked-tree.ts";
import { macroCalls, type RustToken } from "../rust-tokens.ts";

/**
 * Files that macros, attributes, build scripts and tests read by a literal path, besides the include macros: embedded folders,
 * migrations, templates, protocol definitions, fixtures. Only what is tracked counts: a literal that names no file is no path.
 */

/** Macros that read a folder or file relative to the package, and the folder that they take without an argument. */
const FOLDER_MACROS: Readonly<Record<string, string | undefined>> = {
  include_dir: undefined,
  embed_migrations: "migrations",
  migrate: "migrations",
};
/** Crates that read a folder by convention; the place is relative to the package. */
const TEMPLATE_CRATES: Readonly<Record<string, string>> = {
  askama: "templates",
  askama_derive: "templates",
  rinja: "templates",
  tera: "templates",
  sailfish: "templates",
  rocket_dyn_templates: "templates",
  minijinja: "templates",
  ructe: "templates",
  refinery: "migrations",
};

const relative = (directory: string, path: string): string => posix.join(directory, path).replace(/\/$/, "");
const tracked = (path: string, tree: TrackedTree): boolean => path !== "." && (tree.has(path) || tree.hasFolder(path));
/** Rust and Cargo files reach every build anyway. */
const isCargoSource = (path: string): boolean => /(?:\.rs|(?:^|\/)Cargo\.(?:toml|lock))$/.test(path);

/** A string that could be a path of a repository. */
const pathLike = (text: string): boolean => /^[\w.@-][\w./@+ -]{0,200}$/.test(text) && !/^\.+$/.test(text);

/** `include_dir!("$CARGO_MANIFEST_DIR/assets")`, `sqlx::migrate!()`, `#[folder = "web/dist"]`. */
export function embeddedPaths(
  source: string,
  directory: string,
  tokens: readonly RustToken[],
  tree: TrackedTree,
): readonly NeededFile[] {
  const found: { readonly line: number; readonly file: NeededFile }[] = [];
  const add = (text: string, line: number): void => {
    const path = relative(directory, text.replace(/^\$CARGO_MANIFEST_DIR\/?/, ""));
    if (tracked(path, tree)) found.push({ line, file: { path, neededBy: `${source}:${line}`, exists: true } });
  };
  for (const call of macroCalls(tokens, new Set(Object.keys(FOLDER_MACROS)))) {
    const [argument] = call.arguments.filter(({ kind }) => kind === "string");
    const fallback = FOLDER_MACROS[call.name];
    if (argument) add(argument.text, call.line);
    else if (call.arguments.length === 0 && fallback !== undefined) add(fallback, call.line);
  }
  for (const [index, token] of tokens.entries()) {
    const key = tokens[index - 2]?.text;
    const attribute = tokens[index - 1]?.text === "=" && (key === "folder" || key === "path" || key === "template_dir");
    const opening = tokens[index - 3]?.text;
    if (token.kind !== "string" || !attribute || (opening !== "[" && opening !== "(" && opening !== ",")) continue;
    if (key === "path" && opening === "[") continue; // `#[path = "x.rs"]` is a module.
    add(token.text, token.line);
    // askama's and its kin's paths are relative to the templates folder.
    if (key === "path") add(posix.join("templates", token.text), token.line);
  }
  return found.sort((a, b) => a.line - b.line).map(({ file }) => file);
}

/** Strings of a build script that name something tracked besides Rust: sources of C, protocol definitions, data. */
export function scriptPaths(
  source: string,
  directory: string,
  tokens: readonly RustToken[],
  tree: TrackedTree,
): readonly NeededFile[] {
  return literalPaths(source, directory, tokens, tree).map((file) => ({ ...file, neededBy: `${file.neededBy} names it` }));
}

/** Strings of a test that name something tracked besides Rust: its fixtures. */
export function testPaths(
  source: string,
  directory: string,
  tokens: readonly RustToken[],
  tree: TrackedTree,
): readonly NeededFile[] {
  return literalPaths(source, directory, tokens, tree).map((file) => ({ ...file, for: "tests" as const }));
}

function literalPaths(source: string, directory: string, tokens: readonly RustToken[], tree: TrackedTree): readonly NeededFile[] {
  return tokens.flatMap((token) => {
    if (token.kind !== "string") return [];
    const text = token.text.replace(/^\$?(?:CARGO_MANIFEST_DIR)?\//, "").replace(/^\.\//, "");
    // One word without an extension (`data`, `src`) is more often a name than a path.
    if (!pathLike(text) || !(text.includes("/") || text.includes(".")) || isCargoSource(text)) return [];
    const path = relative(directory, text);
    return !path.startsWith("..") && tracked(path, tree) ? [{ path, neededBy: `${source}:${token.line}`, exists: true }] : [];
  });
}

/** Folders that a crate among the dependencies reads by convention. */
export function templateFolders(directory: string, dependencies: ReadonlySet<string>, tree: TrackedTree): readonly NeededFile[] {
  return Object.entries(TEMPLATE_CRATES).flatMap(([crate, folder]) => {
    const path = relative(directory, folder);
    return dependencies.has(crate) && tree.hasFolder(path) ? [{ path, neededBy: `by ${crate}`, exists: true }] : [];
  });
}

/** Data below `tests/` and snapshots of insta beside the sources: tests read them, whatever computes their names. */
export function fixtureFolders(directory: string, tree: TrackedTree): readonly NeededFile[] {
  const tests = relative(directory, "tests");
  const prefix = directory === "." ? "" : `${directory}/`;
  const folders = new Set<string>();
  for (const { path, kind } of tree.entries) {
    if (kind === "submodule" || isCargoSource(path) || !path.startsWith(prefix)) continue;
    if (path.startsWith(`${tests}/`))
      folders.add(posix.dirname(path) === tests ? path : `${tests}/${path.slice(tests.length + 1).split("/")[0]}`);
    else if (path.endsWith(".snap") && path.includes("/snapshots/")) folders.add(posix.dirname(path));
  }
  return [...folders].sort().map((path) => ({ path, neededBy: "tests, by convention", exists: true, for: "tests" }));
}
