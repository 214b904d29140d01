import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../program/world.ts";

/**
 * How each command of a shell fence in the documents is run by the tests: with the fence itself (`<!-- run: FIXTURE -->`), by test files that
 * give its verb and its options to the program (`<!-- tested by: FILE …; else: REASON -->`), or not, with the reason (`<!-- not run: REASON -->`).
 */
type Way =
  | { readonly kind: "fence" }
  | { readonly kind: "tests"; readonly files: readonly string[]; readonly otherwise: string | undefined }
  | { readonly kind: "not-run"; readonly reason: string };

function wayOf(marker: string): Way | undefined {
  if (/^<!-- (?:run|run slow): |^<!-- transcript: /u.test(marker)) return { kind: "fence" };
  const { files, otherwise } = /^<!-- tested by: (?<files>[^;]+?)(?:; else: (?<otherwise>.+))? -->$/u.exec(marker)?.groups ?? {};
  if (files !== undefined) return { kind: "tests", files: files.split(" "), otherwise };
  const { reason } = /^<!-- not run: (?<reason>.+) -->$/u.exec(marker)?.groups ?? {};
  return reason === undefined ? undefined : { kind: "not-run", reason };
}

/** Verb and long options; undefined: another program. */
function wordsOf(command: string): readonly string[] | undefined {
  const [program, ...words] = command.replace(/\s+#.*$/u, "").split(/\s+/u);
  if (program !== "crq-agent") return undefined;
  const verb = /^(?:evals|world|sessions|steps|lattice)$/u.test(words[0] ?? "") ? words.slice(0, 2) : words.slice(0, 1);
  return [...verb, ...words.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*$/u, ""))];
}

function problemsOf(
  marker: string,
  commands: readonly string[],
  textOf: (file: string) => string | undefined,
): readonly string[] {
  const way = wayOf(marker);
  if (way === undefined) return ["nothing says how its commands are run"];
  if (way.kind !== "tests") return [];
  const missing = way.files.filter((file) => textOf(file) === undefined).map((file) => `${file} is not there`);
  const untested = commands.filter((command) => {
    const words = wordsOf(command);
    return words === undefined || !way.files.some((file) => words.every((word) => textOf(file)?.includes(`"${word}"`)));
  });
  if (way.otherwise !== undefined)
    return [...missing, ...(untested.length === 0 ? ["all are tested, so the reason is stale"] : [])];
  return [...missing, ...untested.map((command) => `no file tests ${command}`)];
}

const inTree = (file: string): string | undefined => {
  const path = join(PACKAGE_ROOT, file);
  return /^test\/[\w./-]+\.test\.ts$/u.test(file) && existsSync(path) ? readFileSync(path, "utf8") : undefined;
};

const documents = [
  "README.md",
  ...readdirSync(join(PACKAGE_ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !/^(?:decisions|evals-example|report-example|demo|reference\/verbs)\//u.test(path))
    .map((path) => `docs/${path}`)
    .sort(),
];

const fences = documents.flatMap((file) => {
  const { children } = unified()
    .use(remarkParse)
    .parse(readFileSync(join(PACKAGE_ROOT, file), "utf8"));
  return children.flatMap((node, at) => {
    if (node.type !== "code" || !["sh", "bash", "console"].includes(node.lang ?? "")) return [];
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
    ["<!-- tested by: a.test.ts -->", ["no file tests crq-agent lint --fix"]],
    ["<!-- tested by: gone.test.ts; else: a key -->", ["gone.test.ts is not there"]],
    ["<!-- tested by: b.test.ts; else: a key -->", ["all are tested, so the reason is stale"]],
    ["<!-- tested by: b.test.ts -->", []],
    ["<!-- not run: a key -->", []],
  ])("is told where neither is so: %s", (marker, problems) => {
    const files = new Map([
      ["a.test.ts", 'run(["lint"])'],
      ["b.test.ts", 'run(["lint", "--fix"])'],
    ]);
    expect(problemsOf(marker, ["crq-agent lint --fix"], (file) => files.get(file))).toEqual(problems);
  });
});
