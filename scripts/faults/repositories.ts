import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Files, type GoodRepository, type Planted, plantedFiles } from "../../src/evals/faults/fault.ts";
import type { Nix } from "../../src/nix/nix.ts";
import { git } from "../../src/system/git.ts";
import { OPEN_HASH } from "../../test/rules/generated/good-flakes.ts";
import type { GoodDraft } from "../../test/rules/generated/good-repositories.ts";

/** Repositories on disk: a draft becomes one that builds, and a planted fault becomes a commit. */

const PERSON = {
  GIT_AUTHOR_NAME: "Pat Person",
  GIT_AUTHOR_EMAIL: "pat@example.org",
  GIT_COMMITTER_NAME: "Pat Person",
  GIT_COMMITTER_EMAIL: "pat@example.org",
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
};

export async function writeTree(directory: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text, path.endsWith(".sh") ? { mode: 0o755 } : {});
  }
}

/** A repository of one commit, the checkout's further files beside it. */
export async function writeRepository(directory: string, files: Files, checkout: Files = {}): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: directory });
  await writeTree(directory, files);
  await git(["add", "--all", "--force"], { cwd: directory });
  await git(["commit", "--quiet", "-m", "Start"], { cwd: directory, env: PERSON });
  await writeTree(directory, checkout);
}

/**
 * Locks a draft, fills its open hash with what Nix prints, and builds it: what does not build is no good repository.
 * @throws what the build said
 */
export async function makeGood(nix: Nix, draft: GoodDraft, directory: string): Promise<GoodRepository> {
  await writeRepository(directory, draft.files);
  let files = draft.files;
  const change = async (path: string, text: string): Promise<void> => {
    files = { ...files, [path]: text };
    await writeTree(directory, { [path]: text });
  };
  const locked = await nix.lock(directory);
  if (!locked.ok) throw new Error(`${draft.about}: ${locked.diagnoses[0].message}`);
  await change("flake.lock", await readFile(join(directory, "flake.lock"), "utf8"));
  await git(["add", "--all"], { cwd: directory });
  for (let tries = 0; ; tries += 1) {
    const built = await nix.build(directory, [draft.attribute]);
    if (built.ok) break;
    const [diagnosis] = built.diagnoses;
    const open = Object.keys(files).find((path) => path.endsWith(".nix") && files[path]?.includes(OPEN_HASH));
    if (tries > 1 || diagnosis.kind !== "hash-mismatch" || open === undefined) {
      throw new Error(`${draft.about} does not build: ${diagnosis.message}\n${built.log.slice(-3000)}`);
    }
    await change(open, (files[open] ?? "").replaceAll(OPEN_HASH, diagnosis.got));
    await git(["add", "--all"], { cwd: directory });
  }
  await rm(directory, { recursive: true, force: true });
  return { files, builder: draft.builder, attribute: draft.attribute, programs: draft.programs };
}

export const writePlanted = (directory: string, good: GoodRepository, planted: Planted): Promise<void> =>
  writeRepository(directory, plantedFiles(good.files, planted.edits), planted.checkout);
