import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { keepVerdicts, readVerdicts, verdictsKey } from "../../../src/evals/grading/change/kept-verdicts.ts";
import { shareOfGood } from "../../../src/evals/grading/change/quality/quality.ts";

type Place = Parameters<typeof verdictsKey>[1];

const place = (task: string, world: string | undefined, label: string, nix: string): Place => ({
  // Only these parts of either are looked at.
  task: { hash: task } as Place["task"],
  worldHash: world,
  environment: { label, nixVersion: nix } as Place["environment"],
});

it("has another key for another patch, task, world, toolchain, Nix or version of the gates, and none without a fixed world", () => {
  const keys = [
    verdictsKey("p", place("t", "w", "l", "2.26.3"), 1),
    verdictsKey("q", place("t", "w", "l", "2.26.3"), 1),
    verdictsKey("p", place("u", "w", "l", "2.26.3"), 1),
    verdictsKey("p", place("t", "x", "l", "2.26.3"), 1),
    verdictsKey("p", place("t", "w", "m", "2.26.3"), 1),
    verdictsKey("p", place("t", "w", "l", "2.31.0"), 1),
    verdictsKey("p", place("t", "w", "l", "2.26.3"), 2),
  ];
  expect({ different: new Set(keys).size, live: verdictsKey("p", place("t", undefined, "live", "2.26.3"), 1) }).toEqual({
    different: keys.length,
    live: undefined,
  });
});

it("keeps one file where two trials of one process keep the same verdicts at the same time", async () => {
  const folder = await mkdtemp(join(tmpdir(), "crq-kept-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await Promise.all(Array.from({ length: 20 }, () => keepVerdicts(folder, "a", { gates: {}, quality: 0.5 })));
  expect({ read: await readVerdicts(folder, "a"), files: await readdir(folder) }).toEqual({
    read: { gates: {}, quality: 0.5 },
    files: ["a.json"],
  });
});

it("gives back what was kept but for the logs, and nothing of a file that is damaged or another's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "crq-kept-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const gates = { build: { verdict: "pass" as const, ms: 3, detail: "builds", log: "logs/build.txt" } };
  await keepVerdicts(folder, "a", { gates, quality: 0.5 });
  await keepVerdicts(folder, "b", { gates });
  await writeFile(join(folder, "c.json"), "{");
  await writeFile(join(folder, "d.json"), JSON.stringify({ schema: "crq-verdicts/1", key: "a", gates }));
  const bare = { build: { verdict: "pass", ms: 3, detail: "builds" } };
  expect({
    read: await Promise.all(["a", "b", "c", "d", "e"].map((key) => readVerdicts(folder, key))),
    files: (await readdir(folder)).sort(),
  }).toEqual({
    read: [{ gates: bare, quality: 0.5 }, { gates: bare }, undefined, undefined, undefined],
    files: ["a.json", "b.json", "c.json", "d.json"],
  });
});

it("is as good as the share of what applies, and nothing where nothing does", () => {
  expect([shareOfGood([]), shareOfGood([{ good: true }, { good: false }, { good: true }, { good: true }])]).toEqual([
    undefined,
    0.75,
  ]);
});
