import { parse, TomlError } from "smol-toml";
import { z } from "zod";

/** One thing that a lock names, as the URL under which the recorder keeps it; `sha256` where the lock knows it. */
export interface LockedSource {
  readonly url: string;
  readonly sha256?: string;
}

export interface LockSources {
  readonly sources: readonly LockedSource[];
  /** What cannot be recorded from the lock alone, in words. */
  readonly left: readonly string[];
}

export class LockError extends Error {
  override readonly name = "LockError";
}

/**
 * Everything that a Cargo.lock or a flake.lock names.
 * @throws LockError where it is neither
 */
export function lockSources(source: string): LockSources {
  return source.trimStart().startsWith("{") ? flakeSources(source) : cargoSources(source);
}

const cargoSchema = z.looseObject({
  package: z
    .array(
      z.looseObject({
        name: z.string(),
        version: z.string(),
        source: z.string().exactOptional(),
        checksum: z.string().exactOptional(),
      }),
    )
    .default([]),
});

/**
 * The registry that a source of Cargo.lock names, where it names one by its index: a repository called HOST-index, or a sparse index at
 * index.HOST (https://doc.rust-lang.org/cargo/reference/registry-index.html).
 */
const registryOf = (source: string): string | undefined =>
  (/^registry\+https:\/\/github\.com\/[\w-]+\/([\w.-]+)-index$/.exec(source) ??
    /^sparse\+https:\/\/index\.([\w.-]+)\/$/.exec(source))?.[1];

function cargoSources(source: string): LockSources {
  const sources: LockedSource[] = [];
  const left: string[] = [];
  for (const { name, version, source: from, checksum } of parsed(source, (text) => cargoSchema.parse(parse(text))).package) {
    if (from === undefined) continue;
    const registry = registryOf(from);
    if (registry !== undefined) {
      // The address that cargo's own download template is the default for; it redirects to where the files lie.
      const url = `https://${registry}/api/v1/crates/${name}/${version}/download`;
      sources.push({ url, ...(checksum !== undefined && { sha256: checksum }) });
    } else if (from.startsWith("git+https://") || from.startsWith("git+http://")) {
      sources.push({ url: from.replace(/[?#].*$/, "") });
    } else {
      left.push(`${name} ${version}: of another registry (${from}); give its crate with --url`);
    }
  }
  return { sources: unique(sources), left };
}

const lockedSchema = z.looseObject({
  type: z.string(),
  owner: z.string().exactOptional(),
  repo: z.string().exactOptional(),
  rev: z.string().exactOptional(),
  url: z.string().exactOptional(),
  host: z.string().exactOptional(),
});

const flakeSchema = z.looseObject({ nodes: z.record(z.string(), z.looseObject({ locked: lockedSchema.exactOptional() })) });

function flakeSources(source: string): LockSources {
  const sources: LockedSource[] = [];
  const left: string[] = [];
  const { nodes } = parsed(source, (text) => flakeSchema.parse(JSON.parse(text)));
  for (const [node, { locked }] of Object.entries(nodes)) {
    if (!locked || locked.type === "path") continue;
    const { type, owner, repo, rev, url, host } = locked;
    if (type === "github" && owner !== undefined && repo !== undefined && rev !== undefined && host === undefined) {
      sources.push({ url: `https://github.com/${owner}/${repo}/archive/${rev}.tar.gz` });
    } else if (type === "git" && url !== undefined && /^https?:/.test(url)) {
      sources.push({ url: `git+${url.replace(/[?#].*$/, "")}` });
    } else if ((type === "tarball" || type === "file") && url !== undefined && /^https?:/.test(url)) {
      sources.push({ url });
    } else {
      left.push(`${node}: an input of type ${type} is recorded with --flake only`);
    }
  }
  return { sources: unique(sources), left };
}

const unique = (sources: readonly LockedSource[]): LockedSource[] => [
  ...new Map(sources.map((source) => [source.url, source])).values(),
];

function parsed<T>(source: string, read: (text: string) => T): T {
  try {
    return read(source);
  } catch (error) {
    if (error instanceof z.ZodError) throw new LockError(`is neither a Cargo.lock nor a flake.lock: ${z.prettifyError(error)}`);
    if (error instanceof TomlError || error instanceof SyntaxError)
      throw new LockError(`does not parse: ${error.message.split("\n")[0]}`);
    throw error;
  }
}
