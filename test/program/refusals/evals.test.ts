import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { place } from "../place.ts";
import { project, refused } from "./refused.ts";

const START = ["evals", "run", "--id", "one", "--only", "--models", "rules"];

test.each([
  [[...START, "--live"], /--live: trials have no network, .* then name it with --world DIR\n$/u],
  [[...START, "--record-world", "w"], /--record-world: trials have no network, .* then name it with --world DIR\n$/u],
  [["evals", "run", "--id", "../one"], /--id: "\.\.\/one" is no name of a run; use letters, digits, \., _ and -\n$/u],
])("%j is refused before any trial", async (args, message) => {
  const at = await place();
  const repo = await project(at);
  await refused(at, repo, args, 2, message);
  expect(existsSync(join(repo, ".crq-agent"))).toBe(false);
});

test.each([
  ["run", ["--only", "--models", "rules"]],
  ["validate", []],
])("evals %s tells what is wrong with a world as every verb tells it", async (verb, more) => {
  const at = await place();
  const repo = await at.repository({ "world/world.toml": "schema = 1\nname = 7\n", "tasks/README.md": "None yet.\n" });
  const done = await at.json(["evals", verb, ...more, "--world", "world", "--tasks", "tasks"], { cwd: repo });
  const [diagnostic] = done.document.diagnostics;
  expect({ exit: done.exit, diagnostic }).toEqual({
    exit: 2,
    diagnostic: {
      severity: "error",
      rule: "crq-agent",
      code: "bad-world",
      message: expect.stringMatching(/name.*; next: /su),
      file: join(repo, "world/world.toml"),
      line: expect.any(Number),
      column: expect.any(Number),
    },
  });
});
