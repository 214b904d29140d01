import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, type Place, writeFiles } from "../place.ts";
import { type CrqParts, crqText, NOTE_PROJECT, type ScriptedStep, script } from "../samples.ts";

/** The note's project with its CRQ, and what the tests of the lifecycle ask about it again and again. */

export const CRQ = "crqs/CRQ-001-say-welcome.md";
export const BRANCH = "feature/CRQ-001-say-welcome";

/** The project with a proposed CRQ that starts from its first commit. */
export async function noteWithCrq(at: Place, parts: CrqParts = {}, edit = (text: string): string => text): Promise<string> {
  const repo = await at.repository(NOTE_PROJECT);
  await addCrq(repo, CRQ, parts, edit);
  return repo;
}

export async function addCrq(repo: string, path: string, parts: CrqParts, edit = (text: string): string => text): Promise<void> {
  const base = (await git(["rev-list", "--max-parents=0", "HEAD"], { cwd: repo })).trim();
  const metadata = `target = { repo = ".", base = "${base}", systems = ["x86_64-linux"] }\n${parts.metadata ?? ""}`;
  await writeFiles(repo, { [path]: edit(crqText({ ...parts, metadata })) });
  await commitAll(repo, `a change request: ${path}`);
}

/** What `status` says of one CRQ. */
export async function statusOf(at: Place, repo: string, crq = "1"): Promise<Record<string, unknown>> {
  const { document, about } = await at.json(["status", crq, "--repo", repo]);
  const { data } = document;
  if (!(data instanceof Object && "crqs" in data && Array.isArray(data.crqs))) throw new Error(about);
  return data.crqs[0];
}

/** State and reason, in one line. */
export async function stateOf(at: Place, repo: string, crq = "1"): Promise<string> {
  const { state, reason } = await statusOf(at, repo, crq);
  return reason === null ? String(state) : `${state}: ${reason}`;
}

/** An apply with the replies of a script. */
export async function applyWith(at: Place, repo: string, replies: readonly ScriptedStep[], ...more: readonly string[]) {
  const model = join(at.folder, "model.json");
  await writeFile(model, script(...replies));
  return at.json(["apply", "1", "--repo", repo, "--world", at.world, "--model", `scripted:${model}`, ...more]);
}

/** The verb refuses, and the repository is as it was. */
export async function refused(at: Place, repo: string, args: readonly string[], exit: number, message: RegExp): Promise<void> {
  const before = await fingerprint(repo);
  const done = await at.run([...args, "--repo", repo]);
  expect(done, args.join(" ")).toMatchObject({ exit, stdout: "", stderr: expect.stringMatching(message) });
  expect(difference(before, await fingerprint(repo)), args.join(" ")).toEqual(SAME);
}

/** A criterion that a person answers. */
export const MANUAL =
  '-   **AC-3**: It reads well.\n    ```toml check AC-3\n    kind = "manual"\n    ask = "Does it read well?"\n    who = "Ada"\n    ```\n';
