import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../program/world.ts";
import { GUIDES } from "./guides.ts";
import { partsOf, runFences } from "./run-fences.ts";

/**
 * How each command of a shell fence in the documents is run by `npm test`: with the fence itself (`<!-- run: FIXTURE -->`), by test files that give
 * its verb and its options to the program, or by a guide that runs the same command (`<!-- tested by: FILE …; else: REASON -->`). What takes
 * minutes is run by `npm run test:slow` alone and says so (`<!-- run slow: FIXTURE -->`, `<!-- tested slow by: FILE … -->`); what is run by neither
 * has its reason (`<!-- not run: REASON -->`).
 */
type Way =
  | { readonly kind: "fence" }
  | { readonly kind: "tests"; readonly slow: boolean; readonly files: readonly string[]; readonly otherwise: string | undefined }
  | { readonly kind: "not-run"; readonly reason: string };

function wayOf(marker: string): Way | undefined {
  if (/^<!-- (?:run|run slow): |^<!-- transcript: /u.test(marker)) return { kind: "fence" };
  const pattern = /^<!-- tested (?<slow>slow )?by: (?<files>[^;]+?)(?:; else: (?<otherwise>.+))? -->$/u;
  const { slow, files, otherwise } = pattern.exec(marker)?.groups ?? {};
  if (files !== undefined) return { kind: "tests", slow: slow !== undefined, files: files.split(" "), otherwise };
  const { reason } = /^<!-- not run: (?<reason>.+) -->$/u.exec(marker)?.groups ?? {};
  return reason === undefined ? undefined : { kind: "not-run", reason };
}

/** A program that is started: with its verb and its options, without what they are about. */
interface Start {
  readonly program: string;
  readonly words: readonly string[];
}

const GROUPS = /^(?:evals|world|sessions|steps|lattice)$/u;

function startsOf(command: string): readonly Start[] {
  return partsOf(command).map(({ words: [program = "", ...words] }) => {
    const verb = program === "crq-agent" && GROUPS.test(words[0] ?? "") ? words.slice(0, 2) : words.slice(0, 1);
    const options = words.slice(verb.length).filter((word) => /^-./u.test(word));
    return { program, words: [...verb, ...options.map((word) => word.replace(/=.*$/u, ""))] };
  });
}

/** What a file of tests or a guide starts. */
type Starts = (start: Start) => boolean;

/** A test names them as strings, or by a helper that adds them: `at.json(…)`, `here.vendor(…)`. */
const ofTests =
  (text: string): Starts =>
  ({ program, words }) =>
    program === "crq-agent" &&
    words.every((word) => text.includes(`"${word}"`) || text.includes(`.${word.replace(/^--/u, "")}(`));

function ofGuide(text: string): Starts {
  const fences = runFences(text);
  const slow = fences.some((fence) => fence.slow);
  const shown = fences.flatMap(({ commands }) => commands.flatMap((command) => startsOf(command.text)));
  return ({ program, words }) =>
    !slow && shown.some((start) => start.program === program && words.every((word) => start.words.includes(word)));
}

function problemsOf(
  marker: string,
  commands: readonly string[],
  startsIn: (file: string) => Starts | undefined,
): readonly string[] {
  const way = wayOf(marker);
  if (way === undefined) return ["nothing says how its commands are run"];
  if (way.kind !== "tests") return [];
  const missing = way.files.filter((file) => startsIn(file) === undefined).map((file) => `${file} is not there`);
  const pace = way.files
    .filter((file) => file.includes(".slow.") !== way.slow)
    .map((file) => `${file} is ${way.slow ? "not " : ""}slow`);
  const untested = commands.filter(
    (command) => !startsOf(command).every((start) => way.files.some((file) => startsIn(file)?.(start))),
  );
  if (way.otherwise !== undefined)
    return [...missing, ...pace, ...(untested.length === 0 ? ["all are tested, so the reason is stale"] : [])];
  return [...missing, ...pace, ...untested.map((command) => `no file tests ${command}`)];
}

const inTree = (file: string): Starts | undefined => {
  const path = join(PACKAGE_ROOT, file);
  if (!existsSync(path)) return undefined;
  if (/^test\/[\w./-]+\.test\.ts$/u.test(file)) return ofTests(readFileSync(path, "utf8"));
  return GUIDES.some(({ name }) => name === file) ? ofGuide(readFileSync(path, "utf8")) : undefined;
};

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(PACKAGE_ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !/^(?:decisions|evals-example|report-example|demo|reference\/verbs)\//u.test(path))
    .map((path) => `docs/${path}`)
    .sort(),
];

/** A fence without a language that begins as a console would must say that it is one. */
const isShell = ({ lang, value }: { readonly lang?: string | null | undefined; readonly value: string }): boolean =>
  ["sh", "bash", "console"].includes(lang ?? "") || (!lang && /^(?:\$ |crq-agent |npm |git |nix )/u.test(value));

const fences = documents.flatMap((file) => {
  const { children } = unified()
    .use(remarkParse)
    .parse(readFileSync(join(PACKAGE_ROOT, file), "utf8"));
  return children.flatMap((node, at) => {
    if (node.type !== "code" || !isShell(node)) return [];
    const before = children[at - 1];
    const commands = node.value.split("\n").flatMap((line) => {
      if (node.lang === "console") return line.startsWith("$ ") ? [line.slice(2)] : [];
      return line.trim() === "" || line.startsWith("#") ? [] : [line];
    });
    const place = `${file}:${node.position?.start.line}`;
    return commands.length === 0 ? [] : [{ place, marker: before?.type === "html" ? before.value : "", commands }];
  });
});

describe("each command that a document shows", () => {
  it("is run by its fence or by a test that is named, or its document says why not", () => {
    expect(fences.length).toBeGreaterThan(50);
    expect(
      fences.flatMap(({ place, marker, commands }) =>
        problemsOf(marker, commands, inTree).map((problem) => `${place}: ${problem}`),
      ),
    ).toEqual([]);
  });

  it.each([
    ["", ["nothing says how its commands are run"]],
    ["<!-- not run:  -->", ["nothing says how its commands are run"]],
    ["<!-- tested by: a.test.ts -->", ["no file tests crq-agent lint --fix && git commit -m x"]],
    ["<!-- tested by: b.test.ts -->", ["no file tests crq-agent lint --fix && git commit -m x"]],
    ["<!-- tested by: gone.test.ts; else: a key -->", ["gone.test.ts is not there"]],
    ["<!-- tested by: b.test.ts guide.md; else: a key -->", ["all are tested, so the reason is stale"]],
    ["<!-- tested by: b.test.ts c.slow.test.ts guide.md -->", ["c.slow.test.ts is slow"]],
    ["<!-- tested slow by: b.test.ts guide.md -->", ["b.test.ts is not slow", "guide.md is not slow"]],
    ["<!-- tested slow by: c.slow.test.ts; else: a commit of yours -->", []],
    ["<!-- tested by: b.test.ts guide.md -->", []],
    ["<!-- not run: a key -->", []],
  ])("is told where neither is so: %s", (marker, problems) => {
    const files = new Map([
      ["a.test.ts", ofTests('run(["lint"])')],
      ["b.test.ts", ofTests('run(["lint", "--fix"])')],
      ["c.slow.test.ts", ofTests('lint("--fix")')],
      ["guide.md", ofGuide("<!-- run: tally -->\n```console\n$ git add . && git commit --quiet -m all\n```\n")],
    ]);
    expect(problemsOf(marker, ["crq-agent lint --fix && git commit -m x"], (file) => files.get(file))).toEqual(problems);
  });
});
