import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { parse, TomlError } from "smol-toml";
import { extract } from "tar-stream";
import { z } from "zod";
import type { CrateSource } from "./crate-sources.ts";
import { sha256 } from "./listing.ts";
import { packTree } from "./pack.ts";

/** A crate as a registry has it: its bytes, their checksum and its line in the sparse index. */
export interface CratePackage {
  readonly bytes: Buffer;
  /** sha256 of the bytes, hex. */
  readonly checksum: string;
  readonly indexLine: IndexLine;
}

/** One line of a sparse index: https://doc.rust-lang.org/cargo/reference/registry-index.html#json-schema */
export interface IndexLine {
  readonly name: string;
  readonly vers: string;
  readonly deps: readonly IndexDependency[];
  readonly cksum: string;
  readonly features: Readonly<Record<string, readonly string[]>>;
  readonly features2?: Readonly<Record<string, readonly string[]>>;
  readonly yanked: false;
  readonly links: string | null;
  readonly rust_version?: string;
  readonly v: 2;
}

export interface IndexDependency {
  readonly name: string;
  readonly req: string;
  readonly features: readonly string[];
  readonly optional: boolean;
  readonly default_features: boolean;
  readonly target: string | null;
  readonly kind: "normal" | "dev" | "build";
  readonly registry: string | null;
  readonly package: string | null;
}

/** A crate whose archive or manifest cannot be used; the message is for a person. */
export class CrateError extends Error {
  override readonly name = "CrateError";
}

/** A version alone is short for a table with nothing else. */
const dependencySchema = z.preprocess(
  (written) => (typeof written === "string" ? { version: written } : written),
  z.looseObject({
    version: z.string().default("*"),
    features: z.array(z.string()).default([]),
    optional: z.boolean().default(false),
    "default-features": z.boolean().default(true),
    package: z.string().nullable().default(null),
    "registry-index": z.string().nullable().default(null),
    path: z.undefined("a published crate has no path dependency").optional(),
    workspace: z.undefined("a published crate inherits nothing from a workspace").optional(),
  }),
);
const dependencies = z.record(z.string(), dependencySchema).default({});
const tables = { dependencies, "dev-dependencies": dependencies, "build-dependencies": dependencies };

const manifestSchema = z.looseObject({
  package: z.looseObject({
    name: z.string(),
    version: z.string("a published crate inherits nothing from a workspace"),
    links: z.string().exactOptional(),
    "rust-version": z.string().exactOptional(),
  }),
  features: z.record(z.string(), z.array(z.string())).default({}),
  target: z.record(z.string(), z.looseObject(tables)).default({}),
  ...tables,
});

type Manifest = z.infer<typeof manifestSchema>;

/**
 * The package of one crate of a world. A folder is packed as cargo does: one top folder NAME-VERSION, mtime fixed.
 * @throws CrateError
 */
export async function cratePackage(crate: CrateSource): Promise<CratePackage> {
  const top = `${crate.name}-${crate.version}`;
  const bytes =
    "archive" in crate.source
      ? await readFile(crate.source.archive)
      : await packTree(crate.source.directory, crate.source.leaves, { top, mtime: CRATE_MTIME });
  const manifest = parseManifest(top, await manifestOf(top, bytes));
  if (manifest.package.name !== crate.name || manifest.package.version !== crate.version) {
    throw new CrateError(`${top} holds the package ${manifest.package.name} ${manifest.package.version}`);
  }
  const checksum = "archive" in crate.source ? crate.source.sha256 : sha256(bytes);
  return { bytes, checksum, indexLine: indexLine(manifest, checksum) };
}

/** The time that cargo itself gives to the files of a package (23 July 2006), for reproducible archives. */
const CRATE_MTIME = 1_153_704_088;

const LARGEST_CRATE = 256 * 1024 * 1024;

async function manifestOf(top: string, bytes: Buffer): Promise<string> {
  const tar = extract();
  try {
    tar.end(await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_CRATE }));
    for await (const entry of tar) {
      if (entry.header.name !== `${top}/Cargo.toml`) {
        entry.resume();
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk);
      return Buffer.concat(chunks).toString("utf8");
    }
  } catch (error) {
    throw new CrateError(`${top} is no readable .crate: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new CrateError(`${top} holds no ${top}/Cargo.toml`);
}

function parseManifest(top: string, text: string): Manifest {
  try {
    return manifestSchema.parse(parse(text));
  } catch (error) {
    if (error instanceof TomlError)
      throw new CrateError(`Cargo.toml of ${top}, line ${error.line}: ${error.message.split("\n")[0]}`);
    if (error instanceof z.ZodError) throw new CrateError(`Cargo.toml of ${top}: ${z.prettifyError(error)}`);
    throw error;
  }
}

function indexLine(manifest: Manifest, checksum: string): IndexLine {
  const of = (where: Pick<Manifest, keyof typeof tables>, target: string | null): IndexDependency[] => [
    ...indexDependencies(where.dependencies, "normal", target),
    ...indexDependencies(where["dev-dependencies"], "dev", target),
    ...indexDependencies(where["build-dependencies"], "build", target),
  ];
  // `dep:` and `?` are of the second schema; older cargos do not look into `features2`.
  const isNew = (enabled: readonly string[]): boolean => enabled.some((name) => name.startsWith("dep:") || name.includes("?/"));
  const features = Object.entries(manifest.features);
  const features2 = features.filter(([, enabled]) => isNew(enabled));
  return {
    name: manifest.package.name,
    vers: manifest.package.version,
    deps: [...of(manifest, null), ...Object.entries(manifest.target).flatMap(([target, where]) => of(where, target))],
    cksum: checksum,
    features: Object.fromEntries(features.filter(([, enabled]) => !isNew(enabled))),
    ...(features2.length > 0 && { features2: Object.fromEntries(features2) }),
    yanked: false,
    links: manifest.package.links ?? null,
    ...(manifest.package["rust-version"] !== undefined && { rust_version: manifest.package["rust-version"] }),
    v: 2,
  };
}

type Dependency = z.infer<typeof dependencySchema>;

function indexDependencies(
  table: Readonly<Record<string, Dependency>>,
  kind: IndexDependency["kind"],
  target: string | null,
): IndexDependency[] {
  return Object.entries(table).map(([name, dependency]) => ({
    name,
    req: dependency.version,
    features: dependency.features,
    optional: dependency.optional,
    default_features: dependency["default-features"],
    target,
    kind,
    registry: dependency["registry-index"],
    package: dependency.package,
  }));
}
