import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { referencePages } from "../../scripts/reference-pages.ts";
import { buildProgram } from "../../src/cli.ts";
import { verbFacts, verbName } from "../../src/commands/guidance/verb-facts.ts";
import { VERB_NOTES } from "../../src/commands/guidance/verb-notes.ts";
import { EXIT_CODES } from "../../src/system/errors/exit-codes.ts";
import { lacking } from "../program/host-tools.ts";

const REFERENCE = join(import.meta.dirname, "../../docs/reference");
const facts = verbFacts(buildProgram(new AbortController().signal));

describe("the pages of the verbs", () => {
  it("are those that the program has, and no other", () => {
    const made = Object.keys(referencePages()).filter((name) => name.startsWith("verbs/"));
    expect(readdirSync(join(REFERENCE, "verbs")).map((name) => `verbs/${name}`)).toEqual(made.toSorted());
  });

  it("have notes on verbs that exist, with exit codes that are documented", () => {
    const verbs = new Set(facts.filter(({ verbs }) => verbs.length === 0).map(verbName));
    expect([...VERB_NOTES.keys()].filter((name) => !verbs.has(name))).toEqual([]);
    expect([...VERB_NOTES.values()].flatMap(({ exits }) => exits.filter((exit) => !Object.hasOwn(EXIT_CODES, exit)))).toEqual([]);
  });

  it.each([...VERB_NOTES].flatMap(([verb, { examples }]) => examples.map((example) => ({ verb, example }))))(
    "the program takes: $example",
    ({ verb, example }) => {
      const [program, ...words] = [...example.matchAll(/"([^"]*)"|(\S+)/gu)].map((match) => match[1] ?? match[2] ?? "");
      const path = verb.split(" ");
      expect([program, ...words.slice(0, path.length)]).toEqual(["crq-agent", ...path]);
      const own = facts.find((candidate) => verbName(candidate) === verb);
      const end = words.includes("--") ? words.indexOf("--") : words.length;
      const given = words.slice(path.length, end).filter((word) => word.startsWith("-"));
      expect(given.filter((word) => own?.options.every(({ long, short }) => long !== word && short !== word))).toEqual([]);
    },
  );
});

it.skipIf(lacking("mandoc") !== undefined)("the manual page is mdoc without a warning", () => {
  const checked = spawnSync("mandoc", ["-T", "lint", "-W", "warning", join(REFERENCE, "crq-agent.1")], { encoding: "utf8" });
  expect(checked.stdout + checked.stderr).toBe("");
});
