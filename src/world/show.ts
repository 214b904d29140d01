import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadContent } from "./content/content.ts";
import { makeBareRepository } from "./mirror/bare-repository.ts";
import { WorldError } from "./problem.ts";

/**
 * Lines about what a world holds, for a person who writes locks and tasks against it; a commit's id is found by making it.
 * @throws WorldError where the folder is no world
 */
export async function showWorld(directory: string, git = "git"): Promise<string[]> {
  const { content, problems } = await loadContent(directory);
  if (!content) throw new WorldError("content", problems);
  const { manifest } = content;
  const lines = [
    `${manifest.name} ${manifest.date} sha256:${content.hash}`,
    `provides: ${manifest.provides.join(", ") || "nothing named"}`,
  ];
  for (const repository of content.repositories.values()) {
    lines.push(`github:${repository.owner}/${repository.name}${repository.complete ? " (all refs known)" : ""}`);
    for (const [ref, revision] of repository.refs)
      lines.push(`  ${ref}${ref === repository.default ? " (default)" : ""} ${revision}`);
  }
  for (const crate of [...content.crates.values()].flat()) {
    lines.push(`crate ${crate.name} ${crate.version}${"archive" in crate.source ? "" : " (packed from its folder)"}`);
  }
  const scratch = await mkdtemp(join(tmpdir(), "crq-world-"));
  try {
    for (const [index, [path, source]] of [...content.git].entries()) {
      lines.push(`git https://${path} ${await makeBareRepository(source, join(scratch, String(index)), git)}`);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  for (const path of content.files.keys()) lines.push(`file https://${path}`);
  if (problems.length > 0) lines.push(`${problems.length} problems: check names them`);
  return lines;
}
