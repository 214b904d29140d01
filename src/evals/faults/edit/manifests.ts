import { parse } from "smol-toml";
import { z } from "zod";
import type { Files, SuppliedCrate, Supply } from "../fault.ts";

/** Edits of Cargo.toml, Cargo.lock and sources by text, as a person makes them; what is there is read with a TOML parser. */

const manifestSchema = z.object({
  package: z.object({ name: z.string() }).optional(),
  bin: z.array(z.object({ name: z.string().optional(), path: z.string().optional() })).default([]),
  workspace: z.object({ members: z.array(z.string()).default([]) }).optional(),
});

export interface Crate {
  readonly name: string;
  /** `Cargo.toml`, or `members/a/Cargo.toml`. */
  readonly manifest: string;
  /** "" or a folder with its slash. */
  readonly folder: string;
  /** The source file with `fn main`. */
  readonly main: string;
}

/** The crate of this name, with the file where its program begins. */
export function crateNamed(files: Files, name: string): Crate | undefined {
  for (const [manifest, text] of Object.entries(files)) {
    if (manifest !== "Cargo.toml" && !manifest.endsWith("/Cargo.toml")) continue;
    const read = manifestSchema.safeParse(parse(text));
    if (!read.success || read.data.package?.name !== name) continue;
    const folder = manifest.slice(0, -"Cargo.toml".length);
    const candidates = [
      ...read.data.bin.flatMap(({ path }) => (path === undefined ? [] : [folder + path])),
      `${folder}src/main.rs`,
      ...Object.keys(files).filter((path) => path.startsWith(`${folder}src/bin/`)),
    ];
    const main = candidates.find((path) => files[path]?.includes("fn main()"));
    if (main !== undefined) return { name, manifest, folder, main };
  }
  return undefined;
}

export const isWorkspace = (files: Files): boolean => /^\[workspace\]/mu.test(files["Cargo.toml"] ?? "");

/** `key = value` lines under a table's head; the table is made where it is missing. */
export function underTable(manifest: string, table: string, lines: string): string {
  const head = `[${table}]\n`;
  const at = manifest.startsWith(head) ? 0 : manifest.indexOf(`\n${head}`) + 1;
  if (at === 0 && !manifest.startsWith(head)) return `${manifest.trimEnd()}\n\n${head}${lines}`;
  const end = at + head.length;
  return `${manifest.slice(0, end)}${lines}${manifest.slice(end)}`;
}

/** Cargo.toml and Cargo.lock with a dependency more, as `cargo add` leaves them. */
export function withDependency(
  files: Files,
  crate: Crate,
  closure: readonly SuppliedCrate[],
  options: { readonly build?: boolean; readonly features?: readonly string[] } = {},
): Files | undefined {
  const [wanted] = closure;
  const manifest = files[crate.manifest];
  const lock = files["Cargo.lock"];
  if (wanted === undefined || manifest === undefined || lock === undefined) return undefined;
  if (new RegExp(`^${wanted.name} = `, "mu").test(manifest)) return undefined;
  const features = options.features;
  const value = features ? `{ version = "${wanted.version}", features = ${JSON.stringify(features)} }` : `"${wanted.version}"`;
  const table = options.build === true ? "build-dependencies" : "dependencies";
  return {
    [crate.manifest]: underTable(manifest, table, `${wanted.name} = ${value}\n`),
    "Cargo.lock": withLocked(lock, crate.name, wanted.name, closure.map(lockedBlock)),
  };
}

const lockedBlock = ({ name, version, checksum, dependencies }: SuppliedCrate): string =>
  [
    "[[package]]",
    `name = "${name}"`,
    `version = "${version}"`,
    'source = "registry+https://github.com/rust-lang/crates.io-index"',
    `checksum = "${checksum}"`,
    ...(dependencies.length === 0 ? [] : ["dependencies = [", ...[...dependencies].sort().map((one) => ` "${one}",`), "]"]),
  ].join("\n");

/** Adds packages to a lock file and names one of them among the dependencies of `of`. */
export function withLocked(lock: string, of: string, dependency: string, added: readonly string[]): string {
  const [head = "", ...blocks] = lock.trimEnd().split("\n\n");
  const nameOf = (block: string): string => block.match(/^name = "(.*)"$/mu)?.[1] ?? "";
  const known = new Set(blocks.map(nameOf));
  const named = blocks.map((block) => (nameOf(block) === of ? withDependencyName(block, dependency) : block));
  const all = [...named, ...added.filter((block) => !known.has(nameOf(block)))];
  // The sort is stable: two versions of one crate stay as they were.
  all.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  return `${[head, ...all].join("\n\n")}\n`;
}

function withDependencyName(block: string, name: string): string {
  const names = [...(block.match(/^dependencies = \[\n([\s\S]*?)\]/mu)?.[1] ?? "").matchAll(/"([^"]+)"/gu)].map(
    ([, one = ""]) => one,
  );
  const list = [...new Set([...names, name])].sort().map((one) => ` "${one}",`);
  const without = block.replace(/\ndependencies = \[[\s\S]*?\]/u, "");
  return [without, "dependencies = [", ...list, "]"].join("\n");
}

/** Statements at the beginning of `main`. */
export const atStartOfMain = (source: string, statements: string): string =>
  source.replace(/fn main\(\)(?: -> [^{]+)? \{\n/u, (head) => `${head}${statements}`);

/** A test of its own module at the end of a source file. */
export const withTest = (source: string, name: string, body: string): string =>
  `${source.trimEnd()}\n\n#[cfg(test)]\nmod ${name}_checks {\n    #[test]\n    fn ${name}() {\n${body}    }\n}\n`;

/** The first of these crates that the lock file has not, with what is below it. */
export function newCrate(files: Files, supply: Supply, names: readonly string[]): readonly SuppliedCrate[] | undefined {
  const locked = files["Cargo.lock"] ?? "";
  const absent = names.find((name) => !locked.includes(`name = "${name}"`) && supply.crate(name) !== undefined);
  return absent === undefined ? undefined : supply.crate(absent);
}
