import { existsSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../../system/git.ts";
import { leavesBelow, listingHash, listTree } from "../../../world/content/listing.ts";
import type { Manifest } from "../manifest.ts";

/** Which program the agent is, by its files. */
export type ProgramIdentity = Manifest["agent"];

/** Only show what trials did, and change none. */
const AFTERWARDS = ["evals/report/", "evals/results/", "evals/statistics/"];

/** @param packageRoot folder that holds dist/ or src/, and prompts/ */
export async function programIdentity(packageRoot: string, version: string, gitProgram?: string): Promise<ProgramIdentity> {
  const program = existsSync(join(packageRoot, "src")) ? "src" : "dist";
  const [leaves, prompts, commit] = await Promise.all([
    listTree(join(packageRoot, program)),
    listTree(join(packageRoot, "prompts")),
    commitOf(packageRoot, gitProgram),
  ]);
  return {
    version,
    build: listingHash(leaves.filter(({ path }) => !AFTERWARDS.some((folder) => path.startsWith(folder)))),
    prompts: listingHash(prompts),
    tools: listingHash(leavesBelow(leaves, "tools")),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** The commit of a checkout, with `-dirty` where a tracked file differs; undefined for an installed package. */
async function commitOf(packageRoot: string, program: string | undefined): Promise<string | undefined> {
  if (!existsSync(join(packageRoot, ".git"))) return undefined;
  const options = { cwd: packageRoot, ...(program === undefined ? {} : { git: program }) };
  const [head, status] = [
    await git(["rev-parse", "HEAD"], options),
    await git(["status", "--porcelain", "--untracked-files=no"], options),
  ];
  return `${head.trim()}${status.trim() === "" ? "" : "-dirty"}`;
}
