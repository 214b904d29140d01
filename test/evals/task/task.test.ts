import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { loadTask } from "../../../src/evals/task/task.ts";
import { SAMPLE, tasksOnDisk } from "./sample-task.ts";

/** Problems as `PATH:LINE: message`, paths relative to the task. */
async function problemsOf(change: Readonly<Record<string, string | undefined>>, id = "count-words"): Promise<readonly string[]> {
  const directory = join(await tasksOnDisk({ [id]: { ...SAMPLE, ...change } }), id);
  const loaded = await loadTask(directory);
  return loaded.ok
    ? []
    : loaded.problems.map(
        ({ file, line, message }) => `${relative(directory, file)}${line === undefined ? "" : `:${line}`}: ${message}`,
      );
}

const changed = (path: string, from: string, to: string): Readonly<Record<string, string>> => {
  const text = SAMPLE[path] ?? "";
  if (!text.includes(from)) throw new Error(`${path} holds no "${from}"`);
  return { [path]: text.replace(from, to) };
};

describe("a task folder", () => {
  test("is read whole", async () => {
    const directory = join(await tasksOnDisk({ "count-words": SAMPLE }), "count-words");
    const loaded = await loadTask(directory);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { file, solutions, hacks, leaves, statement } = loaded.value;
    expect({
      id: file.id,
      tier: file.tier,
      limits: file.limits,
      solutions,
      hacks,
      statement,
      files: leaves.map(({ path }) => path),
    }).toEqual({
      id: "count-words",
      tier: 1,
      limits: { turns: 60, "output-tokens": 120_000, usd: 2, "wall-s": 1_800, builds: 25 },
      solutions: ["solution"],
      hacks: [{ name: "stub", rule: "stub-check" }],
      statement: "Package the program; it counts words.\n",
      files: Object.keys(SAMPLE).sort(),
    });
  });

  test("has a hash that every file and every mode changes, and no order of writing", async () => {
    const hashOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
      const loaded = await loadTask(join(await tasksOnDisk({ "count-words": files }), "count-words"));
      return loaded.ok ? loaded.value.hash : "broken";
    };
    const backwards = Object.fromEntries(Object.entries(SAMPLE).reverse());
    const base = await hashOf(SAMPLE);
    expect(await hashOf(backwards)).toBe(base);
    expect(await hashOf({ ...SAMPLE, "repo/src/main.rs": "fn main() { }\n" })).not.toBe(base);
    expect(await hashOf({ ...SAMPLE, "checks/golden/three.txt": "a b c\n" })).not.toBe(base);
  });

  test.each([
    ["a key that nobody reads", changed("task.toml", "tier = 1", "tier = 1\ntear = 2"), ["task.toml:6: unknown key `tear`"]],
    [
      "a tier that is none",
      changed("task.toml", "tier = 1", "tier = 7"),
      ["task.toml:5: `tier`: Too big: expected number to be <=5"],
    ],
    ["text that is no TOML", changed("task.toml", "tier = 1", "tier = "), [expect.stringMatching(/^task\.toml:5: not TOML/)]],
    [
      "an apply task that may change nothing",
      changed("task.toml", 'allowed = ["flake.nix"], ', ""),
      ["task.toml:12: `scope.allowed`: names no file that may change"],
    ],
    [
      "a repair without its fault",
      changed("task.toml", '"apply"', '"repair"'),
      ["task.toml:1: `fault`: a repair names the fault that was seeded"],
    ],
    [
      "a glob that leaves the repository",
      changed("task.toml", '["flake.nix"]', '["../flake.nix"]'),
      ["task.toml:12: `scope.allowed.0`: expected a glob inside the repository"],
    ],
    ["no statement", { "statement.md": undefined }, ["statement.md: is missing"]],
    ["an empty statement", { "statement.md": " \n" }, ["statement.md: is empty"]],
    ["no fixture", { "repo/src/main.rs": undefined }, ["repo: holds no file"]],
    ["no solution", { "solution/flake.nix": undefined }, ["solution: is missing"]],
    [
      "a hack that names no rule",
      { "hacks/stub/hack.toml": "\n" },
      ["hacks/stub/hack.toml:1: `rule`: Invalid input: expected string, received undefined"],
    ],
    [
      "a case without its file",
      { "checks/golden/two.txt": undefined },
      ["checks/checks.toml: names golden/two.txt, which is not in checks/"],
    ],
    [
      "a case that expects nothing",
      changed("checks/checks.toml", 'stdout = { equals = "2\\n" }, ', ""),
      ["checks/checks.toml:4: `case.0`: expects nothing that doing nothing would not give"],
    ],
    [
      "a case that nobody asked for",
      changed("checks/checks.toml", ', says = "counts words"', ""),
      ["checks/checks.toml:4: `case.0`: needs either `says` or `derived`"],
    ],
    [
      "a pattern that the empty string meets",
      changed("checks/checks.toml", 'equals = "2\\n"', 'regex = "2?"'),
      ["checks/checks.toml:4: `case.0.stdout.regex`: is no regular expression, or the empty string meets it"],
    ],
    [
      "a mutation of an unknown case",
      changed("checks/checks.toml", "expect = { two", "expect = { three"),
      ['checks/checks.toml:8: `mutate.0.expect`: there is no case "three"'],
    ],
    [
      "no shadow case",
      changed("checks/checks.toml", '"shadow"', '"golden"'),
      ["checks/checks.toml: a task of kind apply and tier 1 has no shadow case"],
    ],
  ])("with %s says so, with its place", async (_, change, expected) => {
    expect(await problemsOf(change)).toEqual(expected);
  });

  test("whose name is not its id", async () => {
    expect(await problemsOf({}, "other")).toEqual(['task.toml: its id is "count-words", its folder "other"']);
  });
});
