import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ToolResult } from "../../src/agent/tool.ts";
import { git } from "../../src/system/git.ts";
import type { Edit } from "../../src/tools/contract.ts";
import { createProposals, type GateAnswer } from "../../src/tools/proposals.ts";
import { place } from "../program/place.ts";

/** A way back: an edit that puts a file as the base commit had it, judged like any other. */

const BYTES = Buffer.from([0, 255, 254, 10]);

async function opened() {
  const at = await place();
  const directory = await at.repository({
    "flake.nix": "{ }\n",
    "nix/a.nix": "1\n",
    "nix/sign.sh": "#!/bin/sh\n",
    "logo.png": "",
  });
  await chmod(join(directory, "nix/sign.sh"), 0o755);
  await writeFile(join(directory, "logo.png"), BYTES);
  await git(["add", "."], { cwd: directory });
  await git(["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all"], { cwd: directory });
  const base = (await git(["rev-parse", "HEAD"], { cwd: directory })).trim();
  const pass = (): GateAnswer => ({ ok: true, mechanics: [], texts: {}, answered: [], notes: [] });
  const refusal = (): GateAnswer => ({ ok: false, stage: "eval", problems: ["no"], diagnoses: [], mechanics: [] });
  let next = pass;
  const propose = createProposals({
    directory,
    base,
    gate: { before: async () => pass(), after: async () => next() },
    guard: (path) => (path.startsWith("crqs/") ? "not yours" : undefined),
  });
  const send = (edits: readonly Edit[], amend = false, accepted = true): Promise<ToolResult> => {
    next = accepted ? pass : refusal;
    return propose(edits, amend, { signal: AbortSignal.timeout(10_000), note: () => undefined });
  };
  return { directory, send, status: () => git(["status", "--porcelain"], { cwd: directory }) };
}

const restored = (...paths: readonly string[]): readonly Edit[] => paths.map((path) => ({ path, restore: true }));

test("deleted, changed, moved and added files are as they were, with bytes and rights", async () => {
  const { directory, send, status } = await opened();
  await send([
    { path: "nix/a.nix", move: "nix/b.nix" },
    { path: "nix/sign.sh", delete: true },
    { path: "logo.png", delete: true },
    { path: "flake.nix", create: "{ a = 1; }\n" },
  ]);
  const all = ["flake.nix", "logo.png", "nix/a.nix", "nix/b.nix", "nix/sign.sh"];
  expect(await send(restored(...all))).toMatchObject({ text: `Accepted: ${all.join(", ")}.` });
  expect(await readFile(join(directory, "logo.png"))).toEqual(BYTES);
  expect((await stat(join(directory, "nix/sign.sh"))).mode & 0o111).not.toBe(0);
  expect(await status()).toBe("");
});

test("one that is refused leaves the worktree as it was, and is taken up by an amendment", async () => {
  const { directory, send, status } = await opened();
  await send([{ path: "nix/sign.sh", delete: true }]);
  const before = await status();
  expect(await send(restored("nix/sign.sh"), false, false)).toMatchObject({ isError: true });
  expect(await status()).toBe(before);
  await send([{ path: "new.nix", create: "1\n" }], true);
  expect((await stat(join(directory, "nix/sign.sh"))).mode & 0o111).not.toBe(0);
  expect(await status()).toBe("?? new.nix\n");
});

test("what the base has not, what is as it was, and what is not the agent's is refused in words", async () => {
  const { directory, send } = await opened();
  const said = async (path: string): Promise<string | undefined> => (await send(restored(path))).text.split("\n")[1];
  expect(await said("nix/typo.nix")).toBe("edit 1 (nix/typo.nix): the base commit has no such file, so nothing can be put back");
  expect(await said("flake.nix")).toBe("The files already have this content.");
  expect(await said("crqs/CRQ-001.md")).toBe("crqs/CRQ-001.md: not yours");
  await rm(join(directory, "nix"), { recursive: true });
  await send(restored("nix/a.nix"));
  expect(await readFile(join(directory, "nix/a.nix"), "utf8")).toBe("1\n");
});
