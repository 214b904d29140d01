import { parse as parseToml } from "smol-toml";
import { z } from "zod";

/** What of a Cargo.toml says which code is built and which tests are run (The Cargo Book, "Cargo Targets", "Features", "Workspaces"). */

const target = z.looseObject({
  name: z.string().optional(),
  path: z.string().optional(),
  test: z.boolean().optional(),
  harness: z.boolean().optional(),
  "required-features": z.array(z.string()).default([]),
});
const names = z.array(z.string());
const dependencies = z.record(z.string(), z.unknown()).default({});

const manifest = z.looseObject({
  package: z.looseObject({ name: z.string().optional(), autotests: z.boolean().optional() }).optional(),
  lib: target.optional(),
  bin: z.array(target).default([]),
  test: z.array(target).default([]),
  features: z.record(z.string(), names).default({}),
  dependencies,
  workspace: z
    .looseObject({ members: names.default([]), exclude: names.default([]), "default-members": names.optional() })
    .optional(),
});

export type Manifest = z.output<typeof manifest>;
export type Target = z.output<typeof target>;

const MANIFEST = /(?:^|\/)Cargo\.toml$/u;

export const isManifest = (path: string): boolean => MANIFEST.test(path);

/** `crates/a/` of `crates/a/Cargo.toml`. */
export const folderOf = (path: string): string => path.slice(0, -"Cargo.toml".length);

/** undefined: it does not parse, or is no manifest that Cargo would read. */
export const readManifest = (text: string): Manifest | undefined => manifest.safeParse(toml(text)).data;

/** undefined: it does not parse. Cargo itself reports that, and then nothing is built. */
export function toml(text: string): unknown {
  try {
    return parseToml(text);
  } catch {
    return undefined;
  }
}

/** Where a key stands, from 1; 1 where it does not. */
export function lineOfKey(text: string, key: string): number {
  const written = new RegExp(`(?<![\\w-])${key}["']?\\s*=`, "u");
  return Math.max(1, text.split("\n").findIndex((line) => written.test(line)) + 1);
}
