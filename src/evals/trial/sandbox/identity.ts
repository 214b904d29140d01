import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Leaf, leavesBelow, listingHash, listTree, sha256 } from "../../../world/content/listing.ts";
import { programOf } from "./program.ts";

/** Which agent was measured, for the key of a trial. Hex. */
export interface AgentIdentity {
  /** Of the code that a trial's program runs, and of its package.json, which pins its libraries. */
  readonly agentBuild: string;
  readonly promptsHash: string;
  /** Of the code that says what tools a model has. */
  readonly toolsHash: string;
  /** Of the code of those that are in every run beside the models: what they do is written there, and in no sandbox. */
  readonly referencesHash: string;
}

/** What measures the agent is no part of it: a trial stays the same trial when a report changes. */
const HARNESS = ["evals/", "commands/evals/", "commands/program/evals-verbs."];

/** Types and maps do not run. */
const IDLE = /\.d\.ts$|\.map$|\.tsbuildinfo$/u;

/** @param packageRoot folder of the program's package.json */
export async function agentIdentity(packageRoot: string): Promise<AgentIdentity> {
  const [code] = programOf(packageRoot).shown;
  const [all, prompts, manifest] = await Promise.all([
    listTree(join(packageRoot, code)),
    listTree(join(packageRoot, "prompts")),
    readFile(join(packageRoot, "package.json")),
  ]);
  const run = all.filter((leaf) => isRun(leaf));
  return {
    agentBuild: sha256(`${listingHash(run)}\n${sha256(manifest)}\n`),
    promptsHash: listingHash(prompts),
    toolsHash: listingHash(leavesBelow(run, "tools")),
    referencesHash: listingHash(
      leavesBelow(
        all.filter(({ path }) => !IDLE.test(path)),
        "evals/reference",
      ),
    ),
  };
}

const isRun = ({ path }: Leaf): boolean => !IDLE.test(path) && !HARNESS.some((part) => path.startsWith(part));
