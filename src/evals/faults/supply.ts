import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorldContent } from "../../world/content/content.ts";
import { type CratePackage, cratePackage } from "../../world/content/crate-package.ts";
import { makeBareRepository } from "../../world/mirror/bare-repository.ts";
import type { SuppliedCrate, Supply } from "./fault.ts";

/** What planters may use, read from a world's folder. */

export interface SupplyOptions {
  readonly system: string;
  /** The git program; without it there are no Git dependencies. */
  readonly git: string | undefined;
}

/** Optional dependencies that faults switch on. */
const FEATURES: Readonly<Record<string, readonly string[]>> = { "clang-sys": ["libloading"] };

export async function supplyOf(content: WorldContent, { system, git }: SupplyOptions): Promise<Supply> {
  const found = [...content.crates.values()].flatMap((versions) => versions.slice(0, 1));
  const packages = new Map<string, CratePackage>();
  for (const source of found) packages.set(source.name, await cratePackage(source));
  const crate = (name: string): readonly SuppliedCrate[] | undefined => {
    const closure = new Map<string, SuppliedCrate>();
    const visit = (one: string): boolean => {
      if (closure.has(one)) return true;
      const line = packages.get(one)?.indexLine;
      if (!line) return false;
      const wanted = line.deps.filter(
        ({ kind, optional, name: dep }) => kind !== "dev" && (!optional || FEATURES[one]?.includes(dep)),
      );
      const dependencies = [...new Set(wanted.map((dep) => dep.package ?? dep.name))];
      closure.set(one, { name: one, version: line.vers, checksum: line.cksum, dependencies });
      return dependencies.every(visit);
    };
    return visit(name) ? [...closure.values()] : undefined;
  };
  const [repository] = [...content.git].filter(([, source]) => source.kind === "tree");
  const refused = content.manifest.answer.find(({ status }) => status === 403);
  return {
    system,
    crate,
    git:
      repository && git !== undefined
        ? { url: `https://${repository[0]}`, revision: await revisionOf(repository[1], git) }
        : undefined,
    refusedDownloads: refused && `https://${refused.host}`,
  };
}

/** The commit that the world's mirror will serve: the same tree makes the same commit. */
async function revisionOf(source: Parameters<typeof makeBareRepository>[0], git: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crq-agent-git-"));
  try {
    return await makeBareRepository(source, join(folder, "repository"), git);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
