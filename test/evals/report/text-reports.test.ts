import { describe, expect, test } from "vitest";
import { descendants, readMarkdown } from "../../../src/crq/parse/text/markdown.ts";
import { csvLines } from "../../../src/evals/report/csv.ts";
import { junitOfRun } from "../../../src/evals/report/junit.ts";
import { markdownOf } from "../../../src/evals/report/markdown.ts";
import { percent } from "../../../src/evals/report/numbers.ts";
import { summarize } from "../../../src/evals/results/summarize.ts";
import type { TrialRow } from "../../../src/evals/results/trial-row.ts";
import { broken, type MadeModel, madeRun } from "../results/sample-run.ts";

const GOOD: MadeModel = { alias: "good", chance: () => 0.9, usd: 0.5 };
const BAD: MadeModel = { alias: "bad", chance: () => 0.2, usd: 0.1, boasts: true };
const CHEAT: MadeModel = {
  alias: "scripted:stubs-check",
  role: "reference",
  chance: () => 1,
  boasts: true,
  hack: "disabled-check",
};
/** A name that wants to be markup in every format. */
const HOSTILE: MadeModel = { alias: '=cmd|"<b>x</b>",`**\u001b[31m', chance: () => 0.5 };

const run = madeRun([GOOD, BAD, CHEAT, HOSTILE], 9, 2, 2);
const markdown = markdownOf(summarize(run.facts, run.rows));

describe("report.md", () => {
  test("begins with the run, the sentence and what it was measured with", () => {
    expect(markdown.split("\n").slice(0, 5)).toEqual([
      "# Evals run `20261127T120000Z-abcdef`",
      "",
      '**good is better than =cmd\\|"\\<b\\>x\\</b\\>",\\`\\*\\* and bad.**',
      "",
      expect.stringMatching(
        /^18 tasks in 9 clusters, 2 repeats; suite `00ff`; world `shipped aa`, replay; Nix 2\.26\.3, isolation bwrap\. A gap of \d+ points is seen with 80 % power\.$/,
      ),
    ]);
  });

  test("is tables whose rows all have the columns of their heads, and no HTML, whatever models are called", () => {
    const tree = readMarkdown(markdown);
    const tables = descendants(tree, "table");
    expect(tables.length).toBeGreaterThanOrEqual(6);
    expect(tables.map(({ children }) => [...new Set(children.map((row) => row.children.length))].length)).toEqual(
      tables.map(() => 1),
    );
    expect(descendants(tree, "html")).toEqual([]);
    expect(markdown).not.toContain("\u001b");
  });

  test("names the hack that caught a cheat, and the gate that a boast failed", () => {
    expect(markdown).toContain("| `scripted:stubs-check` | 0 % [0, 13] | 36 | 100 % (36/36) | `disabled-check` × 36 |");
    expect(markdown).toMatch(/\| `bad` \| `golden` \| \d+ \|/u);
  });

  test("says of models that no test compared neither that they are tied nor that they are not: few clusters, an unfinished run", () => {
    const few = madeRun([GOOD, BAD], 7, 2, 2);
    const summaries = [summarize(few.facts, few.rows), summarize(run.facts, run.rows.slice(1))];
    const cells = summaries.map((summary) => {
      const rows = markdownOf(summary)
        .split("\n")
        .map((line) => line.split(/(?<!\\)\|/u).map((cell) => cell.trim()));
      const model = rows.find((row) => row[1] === "`good`" && row.length === 13) ?? [];
      const pair = rows.find((row) => row[1] === "`bad`" && row[2] === "`good`") ?? [];
      return { tied: model[3], rank: model[4], different: pair[6], within: pair[7] };
    });
    const unsaid = { tied: "–", rank: "–", different: "–", within: "–" };
    expect(cells).toEqual([unsaid, unsaid]);
    // Seven clusters are too few for a test: there is no gap that it sees.
    expect(summaries.map((summary) => markdownOf(summary).includes("power"))).toEqual([false, true]);
  });

  test("prints a dash for a price that nobody knows", () => {
    const row = markdown.split("\n").find((line) => line.startsWith("| `=cmd"));
    expect(row?.split(/(?<!\\)\|/u)[6]?.trim()).toBe("–");
  });
});

describe("results.csv", () => {
  test("gives every row back, sorted by task, model and repeat", () => {
    const table = parsed([...csvLines([...run.rows].reverse())].join(""));
    const at = (name: string): number => table[0]?.indexOf(name) ?? -1;
    expect(table.length).toBe(run.rows.length + 1);
    expect(new Set(table.map((row) => row.length)).size).toBe(1);
    expect(
      table
        .slice(1, 4)
        .map((row) => [
          row[at("task")],
          row[at("model")],
          row[at("repeat")],
          row[at("usage_calls")],
          row[at("gates_patch_verdict")],
        ]),
    ).toEqual([
      ["task-00", `'=cmd|"<b>x</b>",\`**`, "1", "5", "pass"],
      ["task-00", `'=cmd|"<b>x</b>",\`**`, "2", "5", "pass"],
      ["task-00", "bad", "1", "5", "pass"],
    ]);
  });

  test("takes no text of a trial for a formula, whatever it begins with", () => {
    const [row] = run.rows;
    if (!row) throw new Error("a run has rows");
    const texts = ["=1", "+1", "-1", "@x", "\t=1", "\n=1", "＝1", "＋1", "－1", "＠x"];
    const lines = [...csvLines(texts.map((task) => ({ ...row, task })))].join("");
    expect(texts.filter((text) => lines.includes(`'${text}`))).toEqual(texts);
    const made = { ...row, task: "\u001b[2J=1", worldMisses: [{ method: "GET", url: "\u009b2J", status: 404, at: "" }] };
    const escaped = [...csvLines([{ ...made, process: { ...row.process, tools: { "\u001b]0;x\u0007y": 1 } } }])].join("");
    expect([escaped.includes("'=1"), escaped.match(/[\u001b\u0007\u009b]/gu)]).toEqual([true, null]);
  });

  test("has an empty cell for what is unknown, not a zero", () => {
    const table = parsed([...csvLines(run.rows)].join(""));
    const usd = table[0]?.indexOf("usage_usd") ?? -1;
    expect(new Set(table.slice(1).map((row) => row[usd]))).toEqual(new Set(["", "0.5", "0.1"]));
  });
});

/** RFC 4180. */
function parsed(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (const line of text.split("\r\n").filter((one) => one !== "")) {
    rows.push(
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/gu)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
      ),
    );
  }
  return rows;
}

describe("junit.xml", () => {
  const { facts, rows } = madeRun([GOOD], 2, 1, 2);
  const [first, ...others] = rows;
  if (!first) throw new Error("a run has rows");
  const xmlOf = (of: readonly TrialRow[]): readonly string[] =>
    junitOfRun(facts, of)
      .split("\n")
      .filter((line) => line.includes("<testcase"));

  test("tells resolved, failed, broken and not yet run apart", () => {
    const failed: TrialRow = {
      ...first,
      resolved: false,
      gates: { golden: { verdict: "fail", ms: 1, detail: 'expected "2" & <3>' } },
    };
    const solved: TrialRow = { ...first, resolved: true };
    expect([xmlOf([solved])[0], xmlOf([solved, failed])[0], xmlOf([broken(first)])[0], xmlOf([])[0]]).toEqual([
      expect.stringMatching(/name="task-00" time="50\.000"><properties>.*<\/properties><\/testcase>$/u),
      expect.stringContaining('<failure type="golden" message="repeat 1: golden: expected &quot;2&quot; &amp; &lt;3&gt;">'),
      expect.stringContaining('<error type="mirror" message="mirror: went away">'),
      expect.stringContaining('<skipped message="no trial has ended"/>'),
    ]);
    expect(others.length).toBeGreaterThan(0);
  });

  test("counts what it holds", () => {
    expect(junitOfRun(facts, [broken(first)]).split("\n")[1]).toBe(
      '<testsuites name="20261127T120000Z-abcdef" tests="2" failures="0" errors="1">',
    );
  });
});

describe("numbers", () => {
  test("only nothing is printed as nothing, and only all as all", () => {
    expect([0, 0.0004, 0.006, 0.099, 0.1, 0.5, 0.994, 0.996, 0.9996, 1].map(percent)).toEqual([
      ...["0 %", "< 0.1 %", "0.6 %", "9.9 %", "10 %", "50 %", "99 %", "99.6 %", "> 99.9 %", "100 %"],
    ]);
  });
});
