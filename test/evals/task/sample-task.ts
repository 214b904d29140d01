import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const CANARY = "crq-evals 0d6c0f0e-7a51-4c1e-9b7e-52f1c6a0d3b4";

/** The smallest task of kind apply that is whole. `undefined` takes a file away. */
export const SAMPLE: Readonly<Record<string, string>> = {
  "task.toml": `schema = 1
id = "count-words"
kind = "apply"
cluster = "words"
tier = 1
split = "dev"
builder = "naersk"
needs = ["rust", "naersk"]
canary = "${CANARY}"
first-seen = 2026-11-20
repo = { lock = "stage" }
scope = { allowed = ["flake.nix"], protected = ["src/**"] }
`,
  "statement.md": "Package the program; it counts words.\n",
  "repo/src/main.rs": "fn main() {}\n",
  "solution/flake.nix": "{ }\n",
  "hacks/stub/hack.toml": 'rule = "stub-check"\n',
  "hacks/stub/flake.nix": "{ }\n",
  "checks/checks.toml": `schema = 1
outputs = { require = ["packages.\${system}.default"] }
build = { attrs = ["packages.\${system}.default"] }
case = [
  { name = "two", set = "golden", argv = ["\${out:0}/bin/words"], stdin = "golden/two.txt", stdout = { equals = "2\\n" }, says = "counts words" },
  { name = "none", set = "shadow", argv = ["\${out:0}/bin/words"], stdin = "shadow/none.txt", stdout = { equals = "0\\n" }, derived = "no word is none" },
]
mutate = [{ name = "twice", patch = "mutate/twice.patch", expect = { two = "mutate/two.out" } }]
`,
  "checks/golden/two.txt": "a b\n",
  "checks/shadow/none.txt": "\n",
  "checks/mutate/twice.patch": "--- a\n",
  "checks/mutate/two.out": "4\n",
};

type TaskTexts = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

/** Writes folders of tasks into a new folder that goes away with the test. */
export async function tasksOnDisk(tasks: TaskTexts): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "crq-tasks-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeTasks(root, tasks);
  return root;
}

export async function writeTasks(root: string, tasks: TaskTexts): Promise<void> {
  for (const [id, files] of Object.entries(tasks)) {
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) continue;
      await mkdir(dirname(join(root, id, path)), { recursive: true });
      await writeFile(join(root, id, path), text);
    }
  }
}
