import { z } from "zod";
import { parseJson } from "./manifest.ts";

/** A package that package-lock.json holds. */
export interface LockedNodePackage {
  readonly name: string;
  readonly version: string;
  /** `link`: a folder of the repository; `bundled`: inside the archive of another; `nowhere`: nothing says where it comes from, or its hash. */
  readonly from: "archive" | "git" | "link" | "bundled" | "nowhere";
  /** Needed for development and tests only. */
  readonly dev: boolean;
  /** It runs a script when it is installed. */
  readonly installs: boolean;
}

export interface NodeLock {
  /** Of the format. */
  readonly version: 1 | 2 | 3;
  readonly packages: readonly LockedNodePackage[];
  /** Names of what lies directly below the project. */
  readonly direct: readonly string[];
}

const flag = z.boolean().default(false).catch(false);
const text = z.string().optional().catch(undefined);
const entry = z.looseObject({
  name: text,
  version: text,
  resolved: text,
  integrity: text,
  link: flag,
  inBundle: flag,
  bundled: flag,
  dev: flag,
  hasInstallScript: flag,
});
const schema = z.looseObject({
  lockfileVersion: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  packages: z.record(z.string(), entry).optional(),
  dependencies: z.record(z.string(), z.unknown()).optional(),
});

/** The formats whose packages stand side by side hold all of them by their place. */
const PLACE = /^(?:.*\/)?node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)$/;
/** How deep the nested format of old is followed. */
const MAX_DEPTH = 50;

/** @returns why it cannot be read, as text */
export function readNodeLock(source: string): NodeLock | string {
  const json = parseJson(source);
  if (json === undefined) return "is no JSON";
  const parsed = schema.safeParse(json);
  if (!parsed.success) return "has no lockfileVersion of 1, 2 or 3, or entries of an unknown form";
  const { lockfileVersion, packages, dependencies } = parsed.data;
  if (lockfileVersion === 1) {
    const nested = nestedPackages(dependencies, 0);
    return { version: 1, packages: nested, direct: Object.keys(dependencies ?? {}) };
  }
  if (packages === undefined) return "lists no packages";
  const found = Object.entries(packages).flatMap(([place, value]): LockedNodePackage[] => {
    const name = PLACE.exec(place)?.groups?.name;
    if (name === undefined) return [];
    return [
      {
        name: value.name ?? name,
        version: value.version ?? "",
        from: value.link ? "link" : value.inBundle ? "bundled" : sourceOf(value.resolved, value.integrity),
        dev: value.dev,
        installs: value.hasInstallScript,
      },
    ];
  });
  const direct = Object.keys(packages).flatMap(
    (place) => /^node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)$/.exec(place)?.groups?.name ?? [],
  );
  return { version: lockfileVersion, packages: found, direct };
}

function sourceOf(resolved: string | undefined, integrity: string | undefined): LockedNodePackage["from"] {
  if (resolved === undefined) return "nowhere";
  if (/^(?:git|ssh)(?:\+[a-z]+)?:/.test(resolved)) return "git";
  if (/^https?:/.test(resolved)) return integrity === undefined ? "nowhere" : "archive";
  return "link";
}

function nestedPackages(
  dependencies: Readonly<Record<string, unknown>> | undefined,
  depth: number,
): readonly LockedNodePackage[] {
  if (depth > MAX_DEPTH) return [];
  return Object.entries(dependencies ?? {}).flatMap(([name, value]): readonly LockedNodePackage[] => {
    const parsed = entry.extend({ dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined) }).safeParse(value);
    if (!parsed.success) return [];
    const { version = "", resolved, integrity, bundled, dev } = parsed.data;
    // A dependency from git, an archive or a folder has its address for a version.
    const source = resolved ?? (/^[a-z+]+:/.test(version) ? version : undefined);
    return [
      { name, version, from: bundled ? "bundled" : sourceOf(source, integrity), dev, installs: false },
      ...nestedPackages(parsed.data.dependencies, depth + 1),
    ];
  });
}
