import { chmod, lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ToolResult } from "../../src/agent/tool.ts";
import type { FileChange } from "../../src/repo/workspace/edits.ts";
import { git } from "../../src/system/git.ts";
import type { Edit } from "../../src/tools/contract.ts";
import { createProposals, type GateAnswer } from "../../src/tools/proposals.ts";
import { place } from "../program/place.ts";

/** What a proposal may name, and that a refused one leaves the worktree as it was: bytes, rights and links. */

const LATIN_1 = Buffer.from("caf\u00e9 = 1\nname = 2\n", "latin1");

async function opened() {
  const at = await place();
  const directory = await at.repository({ "flake.nix": "one\ntwo\n", "bin/run.sh": "#!/bin/sh\n", "src/a.rs": "a\n" });
  await chmod(join(directory, "bin/run.sh"), 0o755);
  await writeFile(join(directory, "old.txt"), LATIN_1);
  await symlink("src/a.rs", join(directory, "link.rs"));
  await git(["add", "."], { cwd: directory });
  await git(["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all"], { cwd: directory });
  const base = (await git(["rev-parse", "HEAD"], { cwd: directory })).trim();
  const pass = (): GateAnswer => ({ ok: true, mechanics: [], texts: {}, answered: [], notes: [] });
  const refusal = (): GateAnswer => ({ ok: false, stage: "eval", problems: ["no"], diagnoses: [], mechanics: [] });
  let next = pass;
  const judged: (readonly FileChange[])[] = [];
  const propose = createProposals({
    directory,
    base,
    gate: {
      before: async (changes) => {
        judged.push(changes);
        return pass();
      },
      after: async () => next(),
    },
    guard: () => undefined,
  });
  const send = (edits: readonly Edit[], { amend = false, accepted = true } = {}): Promise<ToolResult> => {
    next = accepted ? pass : refusal;
    return propose(edits, amend, { signal: AbortSignal.timeout(10_000), note: () => undefined });
  };
  return { directory, send, judged, status: () => git(["status", "--porcelain"], { cwd: directory }) };
}

test("one file has one name, so that edits of it add up and the gate judges it by that", async () => {
  const { directory, send, judged } = await opened();
  await send([
    { path: "./flake.nix", replace: { old: "one", new: "1" } },
    { path: "src/../flake.nix", replace: { old: "two", new: "2" } },
  ]);
  expect(await readFile(join(directory, "flake.nix"), "utf8")).toBe("1\n2\n");
  expect(judged).toEqual([[{ path: "flake.nix", before: "one\ntwo\n", after: "1\n2\n" }]]);
});

test("a refused proposal leaves rights, links and bytes as they were", async () => {
  const { directory, send, status } = await opened();
  await send([{ path: "bin/run.sh", delete: true }], { accepted: false });
  await send([{ path: "link.rs", delete: true }], { accepted: false });
  await send([{ path: "old.txt", delete: true }], { accepted: false });
  expect(await status()).toBe("");
  expect(await readlink(join(directory, "link.rs"))).toBe("src/a.rs");
  expect(await readFile(join(directory, "old.txt"))).toEqual(LATIN_1);
  await send([{ path: "new/deep/x.txt", create: "x\n" }], { accepted: false });
  expect(await status()).toBe("");
  await expect(lstat(join(directory, "new"))).rejects.toThrow("ENOENT");
});

test("a moved file keeps its bytes and its rights", async () => {
  const { directory, send } = await opened();
  await send([
    { path: "bin/run.sh", move: "tools/run.sh" },
    { path: "old.txt", move: "older.txt" },
  ]);
  expect((await stat(join(directory, "tools/run.sh"))).mode & 0o111).toBe(0o111);
  expect(await readFile(join(directory, "older.txt"))).toEqual(LATIN_1);
});

test("what cannot be edited as text is refused in words, and never counted as a bug", async () => {
  const { directory, send, status } = await opened();
  await mkdir(join(directory, "empty"));
  const said = async (edit: Edit): Promise<string | undefined> => (await send([edit])).text.split("\n")[1];
  expect(await said({ path: "src", create: "x\n" })).toBe("edit 1 (src): is a folder; name a file");
  expect(await said({ path: "flake.nix/x", create: "x\n" })).toBe(
    "edit 1 (flake.nix/x): lies below a file; a folder can take its place once a proposal has deleted it",
  );
  expect(await said({ path: "old.txt", replace: { old: "name", new: "n" } })).toBe(
    "edit 1 (old.txt): is no UTF-8 text, so an edit of a part would change the rest; it can be deleted, moved, restored or created anew",
  );
  expect(await said({ path: "link.rs", create: "x\n" })).toBe("edit 1 (link.rs): is a link to src/a.rs; name that file");
  expect(await said({ path: "x".repeat(300), create: "x\n" })).toBe(
    `edit 1 (${"x".repeat(300)}): has a name that is too long for a file`,
  );
  expect(await status()).toBe("");
  await send([{ path: "old.txt", create: "one\n" }], { accepted: false });
  await send([{ path: "old.txt", replace: { old: "one", new: "two" } }], { amend: true });
  expect(await readFile(join(directory, "old.txt"), "utf8")).toBe("two\n");
});

test("a proposal that waits is not taken up once its files have become others", async () => {
  const { directory, send } = await opened();
  await send([{ path: "flake.nix", create: "wrong\n" }], { accepted: false });
  // As a mechanic of a build does.
  await writeFile(join(directory, "flake.nix"), "one\nmended\n");
  const amended = await send([{ path: "flake.nix", replace: { old: "wrong", new: "right" } }], { amend: true, accepted: false });
  expect(amended).toMatchObject({ isError: true });
  expect(await readFile(join(directory, "flake.nix"), "utf8")).toBe("one\nmended\n");
  expect(amended.text.split("\n")).toEqual([
    "Refused at the edit itself; the worktree is as it was.",
    "flake.nix has changed since the proposal was refused, so it is pending no longer.",
    "Read what changed, and send the whole proposal with amend: false.",
  ]);
});
