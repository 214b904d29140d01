import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { tooLarge } from "../../../src/repo/workspace/folder-limit.ts";
import { git } from "../../../src/system/git.ts";
import { writeFiles } from "../../program/place.ts";

const LIMIT = { files: 3, bytes: 2 * 1024 * 1024 };
const NEXT =
  "all of which would be copied; give the project's own folder with --repo DIR, name what does not belong to it in a .gitignore, or make it a repository (git init && git add -A && git commit)";

async function folder(files: Readonly<Record<string, string>>): Promise<{ root: string; gitDir: string }> {
  const place = await mkdtemp(join(tmpdir(), "folder "));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  const root = join(place, "plain");
  await writeFiles(root, files);
  await git(["init", "--quiet", "copy"], { cwd: place });
  return { root, gitDir: join(place, "copy", ".git") };
}

describe("a folder without git", () => {
  it("is refused when it holds too many files or bytes, with the part that holds most and the next move", async () => {
    const many = await folder({ a: "", "photos/1": "", "photos/2": "", "photos/3": "" });
    expect(await tooLarge(many.root, many.gitDir, LIMIT)).toBe(
      `${many.root}: is no git repository and holds more than 3 files (most of it in photos: 3 files so far), ${NEXT}`,
    );
    const big = await folder({ "a.txt": "a", "films/b": "b".repeat(3 * 1024 * 1024) });
    expect(await tooLarge(big.root, big.gitDir, LIMIT)).toBe(
      `${big.root}: is no git repository and holds more than 2 MiB (most of it in films: 3 MiB so far), ${NEXT}`,
    );
  });

  it("is taken at the limit, and what its ignore rules leave out does not count", async () => {
    const { root, gitDir } = await folder({
      ".gitignore": "films\n",
      a: "",
      b: "b".repeat(LIMIT.bytes - "films\n".length),
      "films/c": "c".repeat(LIMIT.bytes),
    });
    expect(await tooLarge(root, gitDir, LIMIT)).toBeUndefined();
  });
});
