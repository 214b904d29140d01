import { join } from "node:path";
import { listTree, madeUpRevision } from "../../src/world/content/listing.ts";
import { type Entry, temporaryFolder, temporaryTree, writeTree } from "./tree.ts";

export const WORLD_TOML = 'name = "mini"\ndate = 2026-11-20\n';

export interface MiniRepository {
  /** Ref name to the tree it names. */
  readonly refs: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  readonly default: string;
  readonly complete?: boolean;
  readonly lastModified?: number;
}

export interface MiniWorld {
  readonly directory: string;
  /** `owner/repo ref` to its revision. */
  readonly revisions: Readonly<Record<string, string>>;
}

/** Writes a world as a person would after sealing: trees lie under their own revisions. */
export async function miniWorld(
  repositories: Readonly<Record<string, MiniRepository>>,
  more: Readonly<Record<string, Entry>> = {},
): Promise<MiniWorld> {
  const directory = join(await temporaryFolder(), "world");
  const revisions: Record<string, string> = {};
  for (const [name, repository] of Object.entries(repositories)) {
    const lines = [`default = ${JSON.stringify(repository.default)}`, `complete = ${repository.complete ?? false}`, "[refs]"];
    const revs = new Set<string>();
    for (const [ref, tree] of Object.entries(repository.refs)) {
      const revision = madeUpRevision(await listTree(await temporaryTree(tree)));
      revisions[`${name} ${ref}`] = revision;
      lines.push(`${JSON.stringify(ref)} = "${revision}"`);
      if (!revs.has(revision)) await writeTree(join(directory, "github", name, revision), tree);
      revs.add(revision);
    }
    for (const revision of revs) lines.push(`[rev."${revision}"]`, `last-modified = ${repository.lastModified ?? 1_762_000_000}`);
    await writeTree(directory, { [`github/${name}/refs.toml`]: `${lines.join("\n")}\n` });
  }
  await writeTree(directory, { "world.toml": WORLD_TOML, ...more });
  return { directory, revisions };
}
