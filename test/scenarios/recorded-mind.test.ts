import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { commitAll, place, show } from "../program/place.ts";

/**
 * Replies recorded on 2026-11-20 over the OpenAI wire format, from a mind that knew only what the program told it (3 + 3 replies, no refusal),
 * played again through the real command with real Nix: a crate on openssl-sys gets its flake. Only the base commit and the model's name are
 * filled in; the rest is as it was written.
 */
const folder = join(import.meta.dirname, "recorded-mind");
const WISH = "Give this Rust project a Nix flake: package, development shell, and the tests as a check";

it("proves what a recorded mind wrote for a repository that needs openssl", async () => {
  const at = await place();
  const files = await readdir(join(folder, "repo"), { recursive: true, withFileTypes: true });
  const paths = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "repo").length + 1));
  const repo = await at.repository(
    Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, "repo", path))]))),
  );
  const base = await commitAll(repo, "the same");
  const script = async (name: string): Promise<string> => {
    const file = join(at.folder, name);
    await writeFile(file, (await readFile(join(folder, name), "utf8")).replaceAll("@BASE@", base));
    return `scripted:${file}`;
  };

  const drafted = await at.json(["draft", WISH, "--repo", repo, "--model", await script("draft.json"), "--world", at.world]);
  expect(drafted.document, drafted.about).toMatchObject({ ok: true, data: { outcome: { kind: "done" } } });

  const done = await at.json([
    "apply",
    "CRQ-001",
    "--repo",
    repo,
    "--model",
    await script("apply.json"),
    "--world",
    at.world,
    "--yes",
  ]);
  expect(done.document, done.about).toMatchObject({
    ok: true,
    exit: 0,
    data: { outcome: { kind: "done" }, turns: 3, report: { gate: { ok: true }, weakenings: [], unrequested: [] } },
  });
  const branch = (await git(["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], { cwd: repo })).trim();
  expect(await show(repo, `${branch}:flake.nix`)).toContain("rustPlatform.buildRustPackage");
});
