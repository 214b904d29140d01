import { describe, expect, test } from "vitest";
import { parseSelection } from "../../../src/evals/task/select.ts";
import { loadSuite, suiteHash } from "../../../src/evals/task/suite.ts";
import { SAMPLE, tasksOnDisk } from "./sample-task.ts";

const named = (id: string, change: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  ...SAMPLE,
  "task.toml": (SAMPLE["task.toml"] ?? "").replace("count-words", id),
  ...change,
});

describe("a suite", () => {
  test("is all whole tasks of its folders, sorted; a broken one stops no other", async () => {
    const one = await tasksOnDisk({ zebra: named("zebra"), broken: named("broken", { "statement.md": "" }) });
    const other = await tasksOnDisk({ ant: named("ant"), zebra: named("zebra") });
    const { tasks, problems } = await loadSuite([one, other, `${one}/nowhere`]);
    expect(tasks.map(({ file }) => file.id)).toEqual(["ant", "zebra"]);
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      `${one}/broken/statement.md: is empty`,
      `${other}/zebra: has the id of ${one}/zebra`,
      `${one}/nowhere: is no folder that can be read`,
    ]);
  });

  test("has a hash of its tasks and of the gates' version, not of their order", () => {
    const [a, b] = [{ hash: "aa" }, { hash: "bb" }];
    expect(suiteHash([a, b], 1)).toBe(suiteHash([b, a], 1));
    expect(new Set([suiteHash([a], 1), suiteHash([a, b], 1), suiteHash([a, b], 2)]).size).toBe(3);
  });
});

describe("a selection", () => {
  test("holds where all its parts do", async () => {
    const { tasks } = await loadSuite([await tasksOnDisk({ ant: named("ant"), bee: named("bee") })]);
    const chosen = (text: string): readonly string[] | string => {
      const parsed = parseSelection(text);
      return parsed.ok ? tasks.filter(({ file }) => parsed.selection(file)).map(({ file }) => file.id) : parsed.problem;
    };
    expect({
      all: chosen(""),
      both: chosen("tier<=1 kind=apply,repair"),
      one: chosen("id!=bee builder=naersk"),
      none: chosen("tier>1"),
      key: chosen("color=red"),
      value: chosen("kind=applied"),
      number: chosen("tier=high"),
      operator: chosen("cluster<z"),
      prototype: chosen("toString=x"),
    }).toEqual({
      all: ["ant", "bee"],
      both: ["ant", "bee"],
      one: ["ant"],
      none: [],
      key: '"color=red": write KEY=VALUE with one of id, kind, cluster, split, builder, fault, tier',
      value: '"kind=applied": kind is one of draft, apply, repair, end-to-end, refuse',
      number: '"tier=high": a tier is a number from 0 to 5',
      operator: '"cluster<z": only tier is compared; write = or !=',
      prototype: '"toString=x": write KEY=VALUE with one of id, kind, cluster, split, builder, fault, tier',
    });
  });
});
