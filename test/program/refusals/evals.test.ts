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
