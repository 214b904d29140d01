import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Place, place } from "./place.ts";
import { crqText, NOTE_PROJECT, noNix, noteFlake, SAY_WELCOME, script } from "./samples.ts";

const CRQ = "crqs/CRQ-001-say-welcome.md";
const POLICY = '[policy.inputs]\norg = "nobody"\nref = "^main$"\n';

/** Applies the CRQ with a mind that does all that was asked for, while somebody else writes to the worktree behind the tools' back. */
async function appliedWhile(at: Place, path: string, text: string) {
  const repo = await at.repository({ ...NOTE_PROJECT, "crq-agent.toml": POLICY, [CRQ]: crqText() });
  const model = join(at.folder, "model.json");
  await writeFile(model, script(...SAY_WELCOME));
  const cache = join(at.folder, "cache");
  let done: Promise<void> | undefined;
  const run = await at.run(
    ["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", `scripted:${model}`, "--events"],
    {
      env: { XDG_CACHE_HOME: cache },
      onEvent: (event) => {
        if (event.type === "phase" && event.phase === "baseline") done ??= write(cache, path, text);
      },
    },
  );
  await done;
  expect(done).toBeDefined();
  return { exit: run.exit, outcome: (await at.journal()).findLast((event) => event.type === "outcome"), repo };
}

async function write(cache: string, path: string, text: string): Promise<void> {
  const file = join(await worktree(join(cache, "crq-agent"), 5), path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function worktree(folder: string, depth: number): Promise<string> {
  const found = await search(folder, depth);
  if (found === undefined) throw new Error(`no worktree below ${folder}`);
  return found;
}

async function search(folder: string, depth: number): Promise<string | undefined> {
  if (existsSync(join(folder, "tree", "flake.nix"))) return join(folder, "tree");
  if (depth === 0) return undefined;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const found = entry.isDirectory() && entry.name !== "nix" ? await search(join(folder, entry.name), depth - 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

describe.skipIf(noNix !== undefined)("goal posts that move behind the tools' back", () => {
  it.each([
    ["an easier criterion", CRQ, crqText().replace('equals = "welcome"', 'equals = "hello"')],
    ["a policy that lets everything pass", "crq-agent.toml", '[policy.inputs]\norg = "anybody"\nref = ".*"\n'],
  ])("%s ends as tampering, and nothing is handed over", async (_, path, text) => {
    const { exit, outcome, repo } = await appliedWhile(await place(), path, text);
    expect(outcome).toMatchObject({
      type: "outcome",
      outcome: { kind: "tampering", detail: expect.stringContaining(`${path} was changed`) },
    });
    expect(exit).toBe(6);
    expect(await readFile(join(repo, "flake.nix"), "utf8")).toBe(noteFlake("hello"));
  });
});
