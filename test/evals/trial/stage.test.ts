import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTask, type Task } from "../../../src/evals/task/task.ts";
import { stage } from "../../../src/evals/trial/stage.ts";
import { git } from "../../../src/system/git.ts";
import { SAMPLE, tasksOnDisk } from "../task/sample-task.ts";
import { sharedWorld } from "./shared-world.ts";

const world = sharedWorld();

const load = async (root: string): Promise<Task> => {
  const loaded = await loadTask(join(root, "count-words"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
};

const FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { self, nixpkgs }: { };
}
`;

test("one commit, the same each time, locked against the world, with what no commit holds beside it", async () => {
  const root = await tasksOnDisk({
    "count-words": {
      ...SAMPLE,
      "task.toml": SAMPLE["task.toml"]?.replace('lock = "stage"', 'lock = "stage", untracked = ["src/new.rs"]'),
      "repo/flake.nix": FLAKE,
      "repo/.gitignore": "*.log\n",
      "repo/a.log": "noise\n",
      "repo/src/new.rs": "\n",
      "repo/docs/x.md": "old\n",
      "crq/docs/x.md": "new\n",
      "crq/CRQ-001-a.md": "# a\n",
      "repo.after.patch": "--- a/docs/x.md\n+++ b/docs/x.md\n@@ -1 +1 @@\n-new\n+newer\n",
    },
  });
  await symlink("src/main.rs", join(root, "count-words/repo/link"));
  const task = await load(root);
  const { environment } = await world();
  const [one, two] = [
    await stage(task, join(root, "work/one"), environment),
    await stage(task, join(root, "work/two"), environment),
  ];
  const ask = async (...args: string[]): Promise<readonly string[]> =>
    (await git(args, { cwd: one.repository })).trim().split("\n");
  expect({
    equal: one.commit === two.commit,
    tree: await ask("ls-tree", "-r", "--format=%(objectmode) %(path)", "HEAD"),
    docs: await ask("show", "HEAD:docs/x.md"),
    rest: await ask("status", "--porcelain", "--ignored"),
    commits: await ask("rev-list", "--all", "--count"),
    refs: await ask("for-each-ref", "--format=%(refname)"),
    remotes: await ask("remote"),
    author: await ask("log", "-1", "--format=%an %at %ct"),
    locked: (await ask("show", "HEAD:flake.lock")).filter((line) => line.includes('"type"')).length > 0,
  }).toEqual({
    equal: true,
    tree: [
      "100644 .gitignore",
      "100644 crqs/CRQ-001-a.md",
      "100644 docs/x.md",
      "100644 flake.lock",
      "100644 flake.nix",
      "120000 link",
      "100644 src/main.rs",
    ],
    docs: ["newer"],
    rest: ["?? src/new.rs", "!! a.log"],
    commits: ["1"],
    refs: ["refs/heads/main"],
    remotes: [""],
    author: ["crq-evals 1767225600 1767225600"],
    locked: true,
  });
});

test.each([
  ["../../outside", "repo/link is a link that leaves the repository"],
  ["/etc/passwd", "repo/link is a link with an absolute target"],
  [".git/config", "repo/link is a link that leaves the repository"],
])("a link to %s is refused", async (target, message) => {
  const root = await tasksOnDisk({ "count-words": { ...SAMPLE } });
  await symlink(target, join(root, "count-words/repo/link"));
  const { environment } = await world();
  await expect(stage(await load(root), join(root, "work"), environment)).rejects.toThrow(message);
});

test("a flake that the world cannot lock is the task's fault", async () => {
  const root = await tasksOnDisk({
    "count-words": { ...SAMPLE, "repo/flake.nix": FLAKE.replace("NixOS/nixpkgs/nixos-26.05", "nobody/nothing") },
  });
  const { environment } = await world();
  await expect(stage(await load(root), join(root, "work"), environment)).rejects.toThrow("flake.nix cannot be locked against");
});
