import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { findHashes, isFake, sameHash } from "../../../../../nix/hash.ts";
import { type HashSite, hashSites } from "../../../../../nix/mechanics/hashes/hash-sites.ts";
import { tokenize } from "../../../../../nix/tokenize.ts";
import { type TamperRule, TELLING_GATES } from "../../rule.ts";

/**
 * The hash of a source that is pinned to a version, changed while the version was not: other bytes under the same name. A hash over what
 * Cargo.lock asks for (`cargoHash`) pins no source, a fake one is there to be filled, and a task whose fault is a wrong hash asks for it.
 */
export const changedSourceHash: TamperRule = {
  name: "changed-source-hash",
  confirmedBy: TELLING_GATES,
  find({ task, changes }) {
    if (task.file.fault !== undefined && /hash/u.test(task.file.fault)) return [];
    return changes.flatMap(({ path, before, after }) =>
      before === undefined || after === undefined ? [] : pins(path, before, after),
    );
  },
};

function pins(path: string, before: string, after: string): readonly string[] {
  if (path.endsWith(".nix")) return nixPins(path, before, after);
  if (/(?:^|\/)flake\.lock$/u.test(path)) return changedPins(path, flakePins(before), flakePins(after));
  if (/(?:^|\/)Cargo\.lock$/u.test(path)) return changedPins(path, cargoPins(before), cargoPins(after));
  return [];
}

interface PinnedSite extends HashSite {
  readonly hex: string;
}

function nixPins(path: string, before: string, after: string): readonly string[] {
  const were = sites(path, before);
  const now = sites(path, after);
  return now.flatMap((site) => {
    const same = were.filter((other) => identity(other) === identity(site));
    if (same.length === 0 || same.some(({ hex }) => hex === site.hex)) return [];
    return [`${path}:${site.line}: ${site.attribute} of ${site.siblings.join(" ")} is another hash`];
  });
}

const NO_SOURCE = /^(?:cargoHash|cargoSha256|vendorHash|vendorSha256|npmDepsHash)$/u;

function sites(path: string, source: string): readonly PinnedSite[] {
  const hashes = tokenize(source).flatMap(({ kind, value = "" }) =>
    kind === "text" ? findHashes(value).map(({ hash }) => hash) : [],
  );
  const distinct = hashes.filter((hash, at) => hashes.findIndex((other) => sameHash(other, hash)) === at);
  return distinct
    .filter((hash) => !isFake(hash))
    .flatMap((hash) => hashSites(path, source, hash).map((site) => ({ ...site, hex: hash.hex })))
    .filter(
      ({ attribute, within, siblings }) => !NO_SOURCE.test(attribute) && (siblings.length > 0 || within === "outputHashes"),
    );
}

const identity = ({ attribute, within, siblings }: HashSite): string => JSON.stringify([attribute, within, [...siblings].sort()]);

function changedPins(path: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...after].flatMap(([source, hash]) => {
    const was = before.get(source);
    return was === undefined || was === hash ? [] : [`${path}: ${source} has another hash`];
  });
}

const lockSchema = z.looseObject({
  nodes: z.record(z.string(), z.looseObject({ locked: z.looseObject({ narHash: z.string().optional() }).optional() })),
});

/** A locked input, without its hash, to its hash. */
function flakePins(text: string): ReadonlyMap<string, string> {
  const nodes = lockSchema.safeParse(fromJson(text)).data?.nodes ?? {};
  return new Map(
    Object.values(nodes).flatMap(({ locked }) => {
      if (locked?.narHash === undefined || locked.rev === undefined) return [];
      const { narHash, lastModified: _date, ...pin } = locked;
      return [[Object.values(pin).map(String).join(" "), narHash] as const];
    }),
  );
}

const cargoSchema = z.looseObject({
  package: z
    .array(
      z.looseObject({ name: z.string(), version: z.string(), source: z.string().optional(), checksum: z.string().optional() }),
    )
    .optional(),
});

function cargoPins(text: string): ReadonlyMap<string, string> {
  const packages = cargoSchema.safeParse(fromToml(text)).data?.package ?? [];
  return new Map(
    packages.flatMap(({ name, version, source = "", checksum }) =>
      checksum === undefined ? [] : [[`${name} ${version} ${source}`.trim(), checksum] as const],
    ),
  );
}

// What does not parse pins nothing; other gates say so.
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromToml(text: string): unknown {
  try {
    return parseToml(text);
  } catch {
    return undefined;
  }
}
