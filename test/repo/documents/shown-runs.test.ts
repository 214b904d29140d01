import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shownRuns } from "../../../src/repo/documents/shown-runs.ts";

const context = {
  programs: new Set(["tally", "tally-daemon"]),
  defaultProgram: "tally",
  files: new Map([["bin/tally.js", "tally"]]),
  isTracked: (path: string) => ["samples", "samples/may.csv"].includes(path),
};

const document = (...lines: readonly string[]) => ({ source: "README.md", text: lines.join("\n") });
const session = (...lines: readonly string[]) => document("```console", ...lines, "```");
const runs = (...lines: readonly string[]) => shownRuns(session(...lines), context);

describe("runs that a document shows", () => {
  it("are a command of the project's after a prompt, and the lines below it", () => {
    const text = document(
      "# tally",
      "",
      "```console",
      "$ tally add food 3",
      "food 3",
      "$ tally add 'two words' 4   # quotes group",
      "two words 4",
      "",
      "total 4",
      "```",
    );
    expect(shownRuns(text, context)).toEqual([
      {
        program: "tally",
        arguments: ["add", "food", "3"],
        stdout: "food 3",
        source: "README.md",
        line: 4,
        quote: "$ tally add food 3",
      },
      {
        program: "tally",
        arguments: ["add", "two words", "4"],
        stdout: "two words 4\n\ntotal 4",
        source: "README.md",
        line: 6,
        quote: "$ tally add 'two words' 4   # quotes group",
      },
    ]);
  });

  it.each<[string, string, { readonly program?: string; readonly arguments: readonly string[]; readonly stdin?: string }]>([
    ["cargo", "cargo run --quiet -- sum 1 2", { arguments: ["sum", "1", "2"] }],
    ["node", "node ./bin/tally.js sum 1", { arguments: ["sum", "1"] }],
    ["a file that is a program", "./bin/tally.js sum 1", { arguments: ["sum", "1"] }],
    ["npx", "npx tally sum 1", { arguments: ["sum", "1"] }],
    ["a tool of Python", "uv run tally sum 1", { arguments: ["sum", "1"] }],
    ["cargo with a name", "cargo run -q --bin tally-daemon -- --once", { program: "tally-daemon", arguments: ["--once"] }],
    ["cargo's folder", "./target/release/tally sum 1 2", { arguments: ["sum", "1", "2"] }],
    ["Nix", "nix run .#tally-daemon -- --once", { program: "tally-daemon", arguments: ["--once"] }],
    ["what Nix built", "./result/bin/tally sum", { arguments: ["sum"] }],
    ["echo", "echo 'food 3' | tally sum", { arguments: ["sum"], stdin: "food 3\n" }],
    ["printf", "printf 'food 3\\nfood 4\\n' | tally sum", { arguments: ["sum"], stdin: "food 3\nfood 4\n" }],
  ])("are known by the way of %s", (_, command, expected) => {
    expect(runs(`$ ${command}`, "3")).toMatchObject([{ program: "tally", ...expected, stdout: "3" }]);
  });

  it("stand in a copy of the tree where they name a tracked file or folder", () => {
    expect(runs("$ tally sum samples/may.csv", "3")).toMatchObject([{ arguments: ["sum", "samples/may.csv"], inTree: true }]);
    expect(runs("$ tally sum --from=./samples/", "3")).toMatchObject([{ inTree: true }]);
    expect(runs("$ tally sum 1.5", "3")[0]).not.toHaveProperty("inTree");
  });

  it.each([
    ["another program's", ["$ ls", "tally"]],
    ["without output", ["$ tally add food 3"]],
    ["without a prompt", ["tally add food 3", "food 3"]],
    ["a file that nobody has", ["$ tally sum june.csv", "3"]],
    ["a file elsewhere", ["$ tally sum ../may.csv", "3"]],
    ["a redirection", ["$ tally sum < samples/may.csv", "3"]],
    ["a variable", ["$ tally sum $HOME", "3"]],
    ["a pattern", ["$ tally sum *.csv", "3"]],
    ["two programs", ["$ tally sum 1 | tally sum", "3"]],
    ["a second command", ["$ tally sum 1 && tally sum 2", "3"]],
    ["an option of echo", ["$ echo -e 'a' | tally sum", "3"]],
    ["a format of printf", ["$ printf '%s' a | tally sum", "3"]],
    ["its own help", ["$ tally --help", "tally: adds up"]],
    ["its own version", ["$ tally --version", "tally 0.3.1"]],
    ["a complaint", ["$ tally sum x", "tally: x is no number"]],
    ["cargo's words", ["$ cargo run -- sum 1", "   Compiling tally v0.3.1", "1"]],
    ["npm's words, which stand for its registry", ["$ tally new garden", "made garden", "", "found 0 vulnerabilities"]],
    ["npm's warnings", ["$ tally new garden", "npm warn deprecated inflight@1.0.6", "made garden"]],
    ["a feature that a plain build has not", ["$ cargo run --features more -- sum 1", "1"]],
    ["a cut output", ["$ tally list", "food 3", "…"]],
    ["another cut output", ["$ tally list", "food 3", "..."]],
    ["a date", ["$ tally list", "2026-05-01 food 3"]],
    ["a time", ["$ tally sum 1", "1", "done in 3 ms"]],
    ["a place of one machine", ["$ tally where", "/home/ada/.tally"]],
    ["colours", ["$ tally sum 1", "\u001b[1m1\u001b[0m"]],
    ["more than anybody reads", ["$ tally list", ...Array.from({ length: 41 }, (_, index) => `food ${index}`)]],
  ])("are not %s", (_, lines) => {
    expect(runs(...lines)).toEqual([]);
  });

  it("are not those of a fence in a language, and end with their fence", () => {
    expect(shownRuns(document("```rust", "$ tally sum 1", "1", "```"), context)).toEqual([]);
    expect(shownRuns(document("```console", "$ tally sum 1", "```", "```text", "1", "```"), context)).toEqual([]);
  });

  it("count once where they are shown twice, and not at all with two outputs", () => {
    expect(runs("$ tally sum 1", "1", "$ tally sum 1", "1")).toHaveLength(1);
    expect(runs("$ tally sum 1", "1", "$ tally sum 1", "2")).toEqual([]);
  });

  it.each<[string, string, number]>([
    ["line breaks", `$ tally sum 1${"\n".repeat(300_000)}x`, 0],
    ["blanks", `$ echo a${" ".repeat(300_000)}x\n1`, 0],
    ["runs", Array.from({ length: 20_000 }, (_, at) => `$ tally sum ${at}\n1`).join("\n"), 20_000],
  ])("are read once, however many %s a document has", (_, lines, expected) => {
    expect(runs(lines)).toHaveLength(expected);
  });

  it("mean without a shell what they mean with one", () => {
    const plain = fc.stringMatching(/^[a-z0-9][a-z0-9_+=:,@-]{0,8}$/);
    const quoted = fc.stringMatching(/^'[a-z $|&;<>*?()]{1,8}'$/);
    const special = fc.constantFrom("$HOME", "a|b", "a;b", "a&b", "`id`", "<x", ">x", "*.csv", "~", "(a)", "{a,b}", "a\\b");
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 6, arbitrary: fc.oneof(plain, quoted) }, special), { maxLength: 6 }), (words) => {
        const found = runs(`$ tally ${words.join(" ")}`, "1");
        const readByShell = words.some((word) => !word.startsWith("'") && /[$|&;<>`*?~(){}\\]/u.test(word));
        const about = words.some((word) => /^(?:help)$/.test(word.replaceAll("'", "")));
        expect(found.map((run) => run.arguments)).toEqual(
          readByShell || about ? [] : [words.map((word) => word.replaceAll("'", ""))],
        );
      }),
    );
  });
});
