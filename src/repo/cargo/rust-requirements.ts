import type { MinimumRust, RustRequirement } from "../build-facts.ts";
import type { CargoPackage, CargoProject } from "../facts.ts";
import { sourceLine } from "../tracked-tree.ts";
import { compareReleases } from "./releases.ts";
import { inPackage } from "./targets.ts";
import { pinnedRelease } from "./toolchain.ts";

/** Which Rust the project bears at least, and what contradicts it. */

/** First release that knows an edition (the Edition Guide). */
const EDITIONS: ReadonlyMap<string, string> = new Map(Object.entries({ "2018": "1.31", "2021": "1.56", "2024": "1.85" }));
/** First cargo that reads a lock format without a flag (Cargo's changelog); older formats are read by every cargo in use. */
const LOCK_FORMATS: Readonly<Record<number, string>> = { 4: "1.78" };

type Texts = (path: string) => string;

/** The strictest first. `textOf` gives a file of the repository, empty where it was not read. */
export function rustRequirements(
  packages: readonly CargoPackage[],
  root: string,
  lock: CargoProject["lock"],
  textOf: Texts,
): readonly RustRequirement[] {
  const found: RustRequirement[] = [];
  for (const { name, directory, rustVersion, edition } of packages) {
    const own = inPackage(directory, "Cargo.toml");
    if (rustVersion !== undefined)
      found.push({ version: rustVersion, why: `rust-version of ${name}`, source: statedIn(own, root, "rust-version", textOf) });
    const first = edition === undefined ? undefined : EDITIONS.get(edition);
    if (first !== undefined)
      found.push({ version: first, why: `edition ${edition} of ${name}`, source: statedIn(own, root, "edition", textOf) });
  }
  const format = lock.version === undefined ? undefined : LOCK_FORMATS[lock.version];
  if (format !== undefined) {
    const path = inPackage(root, "Cargo.lock");
    found.push({
      version: format,
      why: `Cargo.lock of format ${lock.version}`,
      source: sourceLine(path, textOf(path), /^version\s*=/),
    });
  }
  return distinct(found.sort((a, b) => compareReleases(b.version, a.version)));
}

/** The line of the package's manifest, or the workspace's where the package takes it from there. */
function statedIn(own: string, root: string, key: string, textOf: Texts): string {
  const line = new RegExp(`^\\s*${key}\\s*=\\s*["']`);
  const found = sourceLine(own, textOf(own), line);
  if (found !== own) return found;
  const workspace = inPackage(root, "Cargo.toml");
  return sourceLine(workspace, textOf(workspace), line);
}

/** A workspace states one thing for many packages: the first speaks for those of the same line and version. */
function distinct(requirements: readonly RustRequirement[]): readonly RustRequirement[] {
  const seen = new Set<string>();
  return requirements.filter(({ version, source }) => {
    const fresh = !seen.has(`${version} ${source}`);
    seen.add(`${version} ${source}`);
    return fresh;
  });
}

export function minimumRust(
  packages: readonly CargoPackage[],
  requirements: readonly RustRequirement[],
): MinimumRust | undefined {
  const stated = packages.flatMap(({ name, rustVersion }) => (rustVersion === undefined ? [] : [{ name, rustVersion }]));
  const [highest] = [...stated].sort((a, b) => compareReleases(b.rustVersion, a.rustVersion));
  if (!highest) return undefined;
  const version = highest.rustVersion;
  const source = requirements.find((one) => one.version === version && one.why.startsWith("rust-version of "))?.source;
  return {
    version,
    packages: stated.filter(({ rustVersion }) => compareReleases(rustVersion, version) === 0).map(({ name }) => name),
    source: source ?? "Cargo.toml",
  };
}

/** What the pinned toolchain, or the promised rust-version, cannot do. */
export function rustContradictions(
  requirements: readonly RustRequirement[],
  minimum: MinimumRust | undefined,
  toolchain: CargoProject["toolchainFile"],
): readonly string[] {
  const pinned = toolchain && pinnedRelease(toolchain.channel);
  const against = (version: string, says: string): readonly string[] =>
    requirements
      .filter((requirement) => compareReleases(requirement.version, version) > 0)
      .map(({ version: needed, why, source }) => `${says}, and ${why} (${source}) needs Rust ${needed}`);
  const toolchainWarnings =
    pinned !== undefined && toolchain ? against(pinned, `${toolchain.path} pins Rust ${toolchain.channel}`) : [];
  const promised = minimum
    ? against(minimum.version, `${minimum.source} promises Rust ${minimum.version}`).filter(
        (text) => !text.includes("rust-version of"),
      )
    : [];
  return [...toolchainWarnings, ...promised];
}
