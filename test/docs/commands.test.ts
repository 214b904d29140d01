import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli.ts";
import { verbFacts, verbName } from "../../src/commands/guidance/verb-facts.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

/** Commands that the documents show, also where no fence runs them (`ways-to-run.test.ts` says how each is): each must be one that the program takes, or a reader's first try fails. */

const facts = verbFacts(buildProgram(new AbortController().signal));
const verbs = new Map(facts.map((verb) => [verbName(verb), verb]));

interface Shown {
  readonly file: string;
  readonly line: number;
  readonly command: string;
}

const documents = (): readonly string[] => [
  "README.md",
  ...readdirSync(join(PACKAGE_ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:md|yml)$/.test(path) && !/^(?:decisions|evals-example|report-example|demo)\//.test(path))
    .map((path) => `docs/${path}`)
    .sort(),
];

/** Lines of fences and of workflows that start the program; what stands in prose may be a fragment. */
function shownIn(file: string): readonly Shown[] {
  const workflow = file.endsWith(".yml");
  let fence: string | undefined;
  return readFileSync(join(PACKAGE_ROOT, file), "utf8")
    .split("\n")
    .flatMap((text, index): Shown[] => {
      const mark = /^\s*(?:```+|~~~+)\s*(?<language>[\w-]*)/.exec(text)?.groups;
      if (mark) fence = fence === undefined ? (mark.language ?? "") : undefined;
      if (!workflow && !["sh", "bash", "console"].includes(fence ?? "")) return [];
      const command = /^\s*(?:\$ |- run: )?(?<command>(?:crq-agent|node dist\/bin\.js) [^|&;]+)/.exec(text)?.groups?.command;
      return command === undefined ? [] : [{ file, line: index + 1, command: command.replace(/\s+#.*$/, "").trim() }];
    });
}

const shown = documents().flatMap(shownIn);

function problemOf(command: string): string | undefined {
  const [, ...all] = [...command.replace(/^node dist\/bin\.js/, "crq-agent").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
  const words = all.includes("--") ? all.slice(0, all.indexOf("--")) : all;
  if (words[0] === "help" || words[0]?.startsWith("-")) return undefined;
  const length = [3, 2, 1].find((count) => verbs.has(words.slice(0, count).join(" ")));
  const verb = length === undefined ? undefined : verbs.get(words.slice(0, length).join(" "));
  if (!verb) return `no verb ${words[0]}`;
  const given = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*$/, ""));
  const unknown = given.filter(
    (word) => word !== "--help" && verb.options.every(({ long, short }) => long !== word && short !== word),
  );
  return unknown.length > 0 ? `${verbName(verb)} has no ${unknown.join(", ")}` : undefined;
}

describe("commands that the documents show", () => {
  it("are many, of most verbs, and the program takes each of them", () => {
    expect(shown.length).toBeGreaterThan(80);
    expect(
      shown.flatMap(({ file, line, command }) => problemOf(command)?.replace(/^/, `${file}:${line}: ${command}: `) ?? []),
    ).toEqual([]);
  });

  it.each([
    ["crq-agent aply CRQ-001", "no verb aply"],
    ["crq-agent apply CRQ-001 --yess", "apply has no --yess"],
    ["crq-agent evals run --modles rules", "evals run has no --modles"],
    ["crq-agent steps record -- make --silent", undefined],
  ])("are told where they are wrong: %s", (command, problem) => {
    expect(problemOf(command)).toBe(problem);
  });
});
