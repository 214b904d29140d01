import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as anyTest, expect } from "vitest";
import { splitCrate } from "../../../src/repo/rust/split.ts";
import { lacking } from "../../program/host-tools.ts";
import { temporaryFolder } from "../tree-on-disk.ts";
import { cargo, grammar, readSource, writeWorkspace } from "./split-folder.ts";

/** Nodes are crates to the real compiler, and their join is the crate they came from. */

const test = anyTest.skipIf(lacking("cargo", "rustc", "cc") !== undefined);

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);

test("a library's nodes compile, and a program sees no difference between the join and the library", () => {
  const split = splitCrate(grammar, readSource(fixture("almanac")));
  expect(split.leftOut.map(({ item, kind, file, line, reason }) => [item, kind, `${file}:${line}`, reason])).toEqual([
    ["tide", "fn", "src/lib.rs:117", { kind: "cfg-off", cfg: 'feature = "tides"' }],
    ["version", "fn", "src/lib.rs:122", { kind: "build-environment", macro: "env" }],
    ["banner", "fn", "src/lib.rs:127", { kind: "needs-left-out", needs: "version" }],
    ["tests", "mod", "src/lib.rs:132", { kind: "test" }],
  ]);

  const folder = temporaryFolder();
  writeWorkspace(folder, split);
  const original = temporaryFolder();
  cpSync(fixture("almanac"), join(original, "almanac"), { recursive: true });
  writeFileSync(join(original, "Cargo.toml"), '[workspace]\nmembers = ["*"]\nexclude = ["target"]\nresolver = "2"\n');
  const outputs = [original, folder].map((place) => {
    mkdirSync(join(place, "driver"));
    cpSync(join(fixture("almanac"), "driver.rs"), join(place, "driver/main.rs"));
    const manifest = '[package]\nname = "driver"\nedition = "2021"\n[[bin]]\nname = "driver"\npath = "main.rs"\n';
    writeFileSync(join(place, "driver/Cargo.toml"), `${manifest}[dependencies]\nalmanac = { path = "../almanac" }\n`);
    const { status, stdout, stderr } = cargo(place, ["run", "--quiet", "--package", "driver"]);
    expect({ status, errors: stderr.split("\n").filter((line) => line.startsWith("error")) }).toEqual({ status: 0, errors: [] });
    return stdout;
  });
  expect(outputs[1]).toBe(outputs[0]);
  expect(outputs[0]?.split("\n")[0]).toBe("1999-01-7 Date { year: 2000, month: January, day: Day(7) } +29 winter 1999 OK7");
});

test("a program's main is a node, and the join runs it with its arguments and exit code", () => {
  const split = splitCrate(grammar, readSource(fixture("tally")));
  expect(split.nodes.map(({ name, items, depends }) => [name, items.map(({ item }) => item), depends])).toEqual([
    ["tally-count-nothing", ["count::NOTHING"], []],
    ["tally-count-counter", ["count::Counter", "count::impl Counter"], ["tally-count-limit", "tally-count-problem"]],
    ["tally-count-problem", ["count::Problem"], []],
    ["tally-count-limit", ["count::limit"], ["tally-count-nothing"]],
    ["tally-usage", ["usage"], ["tally-count-nothing"]],
    ["tally-run", ["run"], ["tally-count-counter", "tally-count-problem"]],
    ["tally-main", ["main"], ["tally-count-problem", "tally-run", "tally-usage"]],
  ]);
  const folder = temporaryFolder();
  writeWorkspace(folder, split);
  const run = (...words: readonly string[]): unknown => {
    const { status, stdout } = cargo(folder, ["run", "--quiet", "--package", "tally", "--", ...words]);
    return { status, stdout };
  };
  expect(run()).toEqual({ status: 0, stdout: "usage: tally WORD..., not nothing\n" });
  expect(run("a", "b")).toEqual({ status: 0, stdout: "2\n" });
  expect(run("longwords")).toEqual({ status: 3, stdout: "longwords is too long\n" });
});

test("what is private stays so where it would be taken for a trait's, a target's or the prelude's", () => {
  const folder = temporaryFolder();
  const split = splitCrate(grammar, readSource(fixture("shadow")));
  const alone = split.nodes.find(({ name }) => name === "shadow-main");
  expect(alone?.items.map(({ item }) => item)).toEqual(["main"]);
  writeWorkspace(folder, split);
  const original = temporaryFolder();
  cpSync(fixture("shadow"), original, { recursive: true });
  const outputs = [original, folder].map((place) => {
    const { status, stdout, stderr } = cargo(place, ["run", "--quiet", "--package", "shadow"]);
    expect({ status, errors: stderr.split("\n").filter((line) => line.startsWith("error")) }).toEqual({ status: 0, errors: [] });
    return stdout.split("\n");
  });
  expect(outputs[0]).toEqual([
    "shown 3 private text 3",
    "the trait's label private label",
    "0 4",
    "the target's depth private depth",
    "2 1",
    "the trait's count private count",
    "run () run () run () run end",
    "",
  ]);
  expect(outputs[1]).toEqual(outputs[0]);
});
