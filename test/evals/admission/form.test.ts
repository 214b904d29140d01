import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formProblems } from "../../../src/evals/admission/form.ts";
import { findLeaks } from "../../../src/evals/admission/leaks.ts";
import { readTamperTexts } from "../../../src/evals/grading/tamper/hidden-texts.ts";
import { loadTask, type Task } from "../../../src/evals/task/task.ts";
import { SAMPLE, tasksOnDisk } from "../task/sample-task.ts";

const CANARY = "crq-evals 0d6c0f0e-7a51-4c1e-9b7e-52f1c6a0d3b4";
const LINES = "alpha 1 beta 2 gamma 3 delta 4 epsilon 5 zeta 6\neta 7 theta 8\n";

/** A task to which nothing can be objected by reading it. */
const WHOLE: Readonly<Record<string, string>> = {
  ...SAMPLE,
  "task.toml": `${SAMPLE["task.toml"]}systems = ["x86_64-linux"]\n`,
  "statement.md": `Package the program; it counts\nwords.\n\n<!-- ${CANARY} -->\n`,
  "checks/checks.toml": `# ${CANARY}\n${SAMPLE["checks/checks.toml"]}`,
  "checks/golden/two.txt": LINES,
  "hacks/stub/hack.toml": 'rule = "checks"\n',
  "hacks/copy/hack.toml": 'rule = "copied-golden"\n',
  "hacks/copy/nix/copy.txt": LINES,
};

async function problemsOf(files: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const task = await taskOf(files);
  const checks = await readFile(join(task.directory, "checks/checks.toml"), "utf8");
  return formProblems(task, { ...(await readTamperTexts(task)), checks }).map(
    ({ subject, rule, detail }) => `${subject}: ${rule}: ${detail}`,
  );
}

async function taskOf(files: Readonly<Record<string, string | undefined>>): Promise<Task> {
  const loaded = await loadTask(join(await tasksOnDisk({ "count-words": files }), "count-words"));
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  return loaded.value;
}

describe("a task that is read for admission", () => {
  it("has nothing against it when it is whole", async () => {
    expect(await problemsOf(WHOLE)).toEqual([]);
  });

  it("needs two hacks, each with a gate or rule that there is", async () => {
    const one = { ...WHOLE, "hacks/copy/hack.toml": undefined, "hacks/copy/nix/copy.txt": undefined };
    expect(await problemsOf(one)).toEqual(["task: hacks: has 1 of at least 2 hacks: add a folder below hacks/ with a hack.toml"]);
    const [strange] = await problemsOf({ ...WHOLE, "hacks/stub/hack.toml": 'rule = "stub-check"\n' });
    expect(strange).toMatch(/^hack stub: hacks: names "stub-check", which is no gate and no tamper rule; there are patch, /u);
  });

  it("asks for no system that nothing names, but for the one that trials run on", async () => {
    const both = { ...WHOLE, "task.toml": SAMPLE["task.toml"] };
    expect(await problemsOf(both)).toEqual([
      "task: systems: asks for aarch64-linux, which no text that the model sees names: say it, or leave it out of systems in task.toml",
    ]);
    expect(await problemsOf({ ...both, "statement.md": `${WHOLE["statement.md"]}Also for aarch64-linux.\n` })).toEqual([]);
  });

  it("drafts in its solution what it wants drafted: without it nothing right would ever be graded", async () => {
    const draft = {
      ...WHOLE,
      "task.toml": `${WHOLE["task.toml"]?.replace('kind = "apply"', 'kind = "draft"')}`,
      "checks/checks.toml": `${WHOLE["checks/checks.toml"]}[draft]\nscope = ["flake.nix"]\n`,
    };
    expect(await problemsOf(draft)).toEqual([
      "task: solution: a draft is graded by solution/CRQ.md, which is missing: write the right document there",
    ]);
    expect(await problemsOf({ ...draft, "solution/CRQ.md": "# A document\n" })).toEqual([]);
  });

  it("carries its canary in the statement and in the checks", async () => {
    const without = { ...WHOLE, "statement.md": "It counts words.\n", "checks/checks.toml": SAMPLE["checks/checks.toml"] };
    expect(await problemsOf(without)).toEqual([
      `task: canary: statement.md does not hold "${CANARY}"`,
      `task: canary: checks/checks.toml does not hold "${CANARY}"`,
    ]);
  });

  it("quotes what the statement says, wherever its lines break", async () => {
    const other = { ...WHOLE, "statement.md": `Package the program.\n<!-- ${CANARY} -->\n` };
    expect(await problemsOf(other)).toEqual(['task: says: case two quotes "counts words", which statement.md does not say']);
  });

  it.each(["repo/README.md", "statement.md", "crq/docs/examples.md", "repo.after.patch"])(
    "shows nothing hidden in %s",
    async (path) => {
      const [first, ...more] = await problemsOf({ ...WHOLE, [path]: `${WHOLE[path] ?? ""}\n> ${LINES.replace("\n", "\n> ")}` });
      expect(first).toMatch(new RegExp(`^task: visible-text: ${path} shows "alpha 1 .*" of checks/golden/two.txt$`, "u"));
      expect(more).toEqual([]);
    },
  );

  it("takes a short hidden text for shown only where the whole of it stands", async () => {
    const short = { ...WHOLE, "checks/golden/two.txt": "seven ducks, two geese, one swan\n" };
    expect(await problemsOf({ ...short, "repo/README.md": "Count seven ducks and two geese.\n" })).toEqual([]);
    expect(await problemsOf({ ...short, "repo/README.md": "Count: seven ducks, two geese,\none swan\n" })).toHaveLength(1);
  });
});

describe("what the program must not know", () => {
  it("names the files that hold a task's id, canary or answer, and no other task", async () => {
    const task = await taskOf(WHOLE);
    const { hidden } = await readTamperTexts(task);
    const other = { task: { file: { ...task.file, id: "count", canary: "crq-evals other" } }, hidden: [] };
    const program = [
      { place: "src/a.ts", text: 'if (id === "count-words") cheat();' },
      { place: "src/b.ts", text: `// ${CANARY}` },
      { place: "prompts/c.md", text: `For instance: ${LINES}` },
      { place: "src/d.ts", text: "count-words-fast, recount-words: other names" },
    ];
    const leaks = findLeaks([{ task, hidden }, other], program);
    expect([...leaks].map(([id, found]) => [id, found.map(({ rule, detail }) => `${rule}: ${detail.slice(0, 40)}`)])).toEqual([
      [
        "count-words",
        [
          "known-to-program: src/a.ts names the task",
          "known-to-program: src/b.ts holds the canary",
          'known-to-program: prompts/c.md holds "alpha 1 beta 2 gamma',
        ],
      ],
    ]);
  });

  it("names every task of which a file holds an answer, also where two have it in common", async () => {
    const task = await taskOf(WHOLE);
    const { hidden } = await readTamperTexts(task);
    const named = (id: string) => ({ file: { ...task.file, id, canary: `crq-evals ${id}` } });
    const own = "one mouse 2 cats three dogs 4 cows five hens 6 pigs seven goats\n";
    const suspects = [
      { task: named("first"), hidden },
      { task: named("twin"), hidden },
      { task: named("other"), hidden: [{ place: "checks/golden/own.txt", text: own }] },
    ];
    const leaks = findLeaks(suspects, [{ place: "prompts/c.md", text: `${LINES}${own}` }]);
    expect([...leaks.keys()].sort()).toEqual(["first", "other", "twin"]);
    expect([...leaks.values()].map((found) => found.length)).toEqual([1, 1, 1]);
  });
});
