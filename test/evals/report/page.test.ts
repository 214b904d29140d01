import { describe, expect, test } from "vitest";
import { pageOf } from "../../../src/evals/report/html/page.ts";
import { summarize } from "../../../src/evals/results/summarize.ts";
import { type MadeModel, madeRun } from "../results/sample-run.ts";

const models: readonly MadeModel[] = [
  { alias: "good", chance: () => 0.9, usd: 0.5 },
  { alias: '"><script>alert(1)</script>\u001b[31m', chance: () => 0.4, usd: 0.1, boasts: true },
  { alias: "nop", role: "reference", chance: () => 0 },
];

describe("report.html", () => {
  const { facts, rows } = madeRun(models, 9, 2, 2);
  const page = pageOf(summarize(facts, rows), rows);

  test("has a plot and a table for each question, in their order", () => {
    expect([...page.matchAll(/<section id="([a-z]+)"/gu)].map(([, id]) => id)).toEqual([
      "resolved",
      "pairs",
      "tasks",
      "cost",
      "gates",
      "claims",
      "groups",
    ]);
    expect([page.match(/<svg /gu)?.length, page.match(/<summary>/gu)?.length]).toEqual([6, 6]);
  });

  test("has no pairs of one model, and no plot of a cost that nobody had", () => {
    const free = madeRun([{ alias: "rules", chance: () => 0.5, usd: 0 }], 9, 2, 1);
    const alone = pageOf(summarize(free.facts, free.rows), free.rows);
    expect(alone).not.toContain('id="pairs"');
    expect(alone).toContain('id="cost"');
    expect(alone).not.toMatch(/aria-label="(?:Plot: Cost|Cost against)/u);
  });

  test("loads nothing and runs nothing, whatever a model is called", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son[a-z]+="|url\(|@import/iu);
    expect([...page.matchAll(/https?:[^"]*/gu)].map(([address]) => address)).toEqual(
      new Array(6).fill("http://www.w3.org/2000/svg"),
    );
    expect(page).not.toContain("\u001b");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test("gives each group its interval, and no answer where no test was made", () => {
    const few = madeRun(models, 7, 2, 2);
    const untested = pageOf(summarize(few.facts, few.rows), few.rows);
    const section = page.slice(page.indexOf('<section id="groups"'));
    expect(section).toMatch(/<td class="number">\d+ % \[\d+, \d+\]<\/td>/u);
    expect(untested).toContain("not tested");
    expect([page, untested].map((text) => text.includes("80 % power"))).toEqual([true, false]);
    expect(untested).not.toMatch(/<td class="number">(?:yes|no)<\/td>/u);
  });

  test("closes what it opens", () => {
    const open: string[] = [];
    for (const [, end, name = ""] of page.replace(/<style>[\s\S]*?<\/style>/u, "").matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gu)) {
      if (name === "meta") continue;
      if (end === "/") expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("draws numbers, and no NaN, for a run in which nothing ended", () => {
    const empty = pageOf(summarize(facts, []), []);
    expect([page, empty].filter((text) => /NaN|Infinity|undefined/u.test(text))).toEqual([]);
    expect(empty).toContain("No trial has ended.");
  });
});
