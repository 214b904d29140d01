import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Trees } from "../../../src/repo/refs/walk.ts";
import { git } from "../../../src/system/git.ts";

let repo: string;
beforeEach(async () => {
  repo = await mkdtemp(join(tmpdir(), "crq trees ü "));
  await git(["init", "--quiet", "--bare"], { cwd: repo });
});
afterEach(async () => {
  await rm(repo, { recursive: true, force: true });
});

/** Commits of flat folders of the given files, whose texts are their versions. */
async function commits(states: readonly ReadonlyMap<string, number>[]): Promise<readonly string[]> {
  const stream = states.flatMap((files, index) => [
    `commit refs/heads/b${index}`,
    "committer x <x@y> 1 +0000",
    "data 1\nx",
    ...[...files].flatMap(([name, version]) => [`M 100644 inline crqs/${name}`, `data ${String(version).length}\n${version}`]),
  ]);
  await git(["fast-import", "--quiet", "--force"], { cwd: repo, stdin: `${stream.join("\n")}\n` });
  return Promise.all(states.map(async (_, index) => (await git(["rev-parse", `refs/heads/b${index}`], { cwd: repo })).trim()));
}

test("gives what git ls-tree gives, also for large folders that share their beginnings and ends", async () => {
  const base = new Map(Array.from({ length: 160 }, (_, index) => [`CRQ-${String(index).padStart(3, "0")}-é.md`, 0]));
  const change = fc.record({
    at: fc.constantFrom(0, 1, 79, 80, 158, 159),
    what: fc.constantFrom("remove", "change", "add before", "add after", "all after"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 3 }), { minLength: 2, maxLength: 5 }), async (branches) => {
      const states = branches.map((changes) => {
        const files = new Map(base);
        for (const { at, what } of changes) {
          const name = [...base.keys()][at] ?? "";
          if (what === "remove") files.delete(name);
          else if (what === "change") files.set(name, at + 1);
          else if (what === "all after") for (const later of [...base.keys()].slice(at)) files.set(later, 9);
          else files.set(what === "add before" ? `AAA-${at}.md` : `ZZZ-${at}.md`, at);
        }
        return files;
      });
      const ids = await commits(states);
      const trees = new Trees(repo);
      await trees.load(ids);
      for (const id of ids) {
        const listed = await git(["ls-tree", "-z", `${id}:crqs`], { cwd: repo });
        const folder = trees.folder(id, "crqs") ?? "";
        expect(trees.entries(folder).map(({ name, object }) => `100644 blob ${object}\t${name}`)).toEqual(
          listed.split("\0").filter((line) => line !== ""),
        );
      }
    }),
    { numRuns: 12 },
  );
});
