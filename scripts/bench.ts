import { parseArgs } from "node:util";
import { FAULTS_OPTIONS } from "./bench/faults-options.ts";
import type { Bench, Figure } from "./bench/figure.ts";

/** `npm run bench -- [NAME] [--json]`: figures as ratios against a reference measured in the same run. */

const loaders: Readonly<Record<string, () => Promise<Bench>>> = {
  help: async () => (await import("./bench/help.ts")).help,
  apply: async () => (await import("./bench/apply.ts")).apply,
  diagnosis: async () => (await import("./bench/diagnosis.ts")).diagnosis,
  "evals-overhead": async () => (await import("./bench/evals-overhead.ts")).evalsOverhead,
  "evals-workers": async () => (await import("./bench/evals-workers.ts")).evalsWorkers,
  faults: async () => (await import("./bench/faults.ts")).faults,
  fold: async () => (await import("./bench/fold.ts")).fold,
  gate: async () => (await import("./bench/gate.ts")).gate,
  index: async () => (await import("./bench/index.ts")).index,
  lint: async () => (await import("./bench/lint.ts")).lint,
  "log-reader": async () => (await import("./bench/log-reader.ts")).logReader,
  report: async () => (await import("./bench/report.ts")).report,
  "session-page": async () => (await import("./bench/session-page.ts")).sessionPage,
  split: async () => (await import("./bench/split.ts")).split,
};

const { values, positionals: names } = parseArgs({
  options: { json: { type: "boolean" }, ...FAULTS_OPTIONS },
  allowPositionals: true,
});
const json = values.json ?? false;
const unknown = names.filter((name) => !(name in loaders));
if (unknown.length > 0) {
  console.error(`There is no bench named ${unknown.join(", ")}. Names: ${Object.keys(loaders).join(", ")}`);
  process.exit(2);
}

const figures: Record<string, Figure> = {};
let kept = true;
for (const [name, load] of Object.entries(loaders)) {
  // These take a quarter of an hour, or a browser, so they are run when they are named.
  if (names.length > 0 ? !names.includes(name) : ["faults", "split", "evals-workers", "session-page"].includes(name)) continue;
  const bench = await load();
  const { notes = [], broken = false, ...figure } = await bench.run();
  figures[name] = figure;
  const ok = bench.bound.side === "at most" ? figure.ratio <= bench.bound.ratio : figure.ratio >= bench.bound.ratio;
  kept &&= ok && !broken;
  if (json) continue;
  console.log(`${name}: ${bench.about}`);
  console.log(
    `  ${figure.value.toFixed(1)} ${figure.unit} against ${figure.reference.toFixed(1)} ${figure.unit}: ratio ${figure.ratio.toFixed(2)} (${bench.bound.side} ${bench.bound.ratio}: ${ok ? "kept" : "NOT KEPT"}; ${figure.runs} runs)`,
  );
  for (const note of notes) console.log(`  ${note}`);
}
if (json) console.log(JSON.stringify(figures, undefined, 1));
process.exitCode = kept ? 0 : 1;
