import { existsSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../../system/git.ts";
import { agentIdentity } from "../../trial/sandbox/identity.ts";
import type { Manifest } from "../manifest.ts";

/** Which program the agent is, by its files, and where it came from. */
export type ProgramIdentity = Manifest["agent"];

/** @param packageRoot folder of the program's package.json */
export async function programIdentity(packageRoot: string, version: string, gitProgram?: string): Promise<ProgramIdentity> {
  const [identity, commit] = await Promise.all([agentIdentity(packageRoot), commitOf(packageRoot, gitProgram)]);
  return {
    version,
    build: identity.agentBuild,
    prompts: identity.promptsHash,
    tools: identity.toolsHash,
    references: identity.referencesHash,
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
