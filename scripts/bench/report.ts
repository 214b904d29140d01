import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { madeRun } from "../../test/evals/results/sample-run.ts";
import { buildProgram } from "./build-program.ts";
import { type Bench, inTurn, median } from "./figure.ts";

const root = join(import.meta.dirname, "../..");
const MODELS = 10;
const CLUSTERS = 100;
const TASKS_OF_CLUSTER = 4;
const REPEATS = 5;
const TRIALS = MODELS * CLUSTERS * TASKS_OF_CLUSTER * REPEATS;

/** Issue 6, "Speed". */
const MOST_SECONDS = 5;
const MOST_MEGABYTES = 300;

/** The heap is kept lean, and rows are read one by one and checked, as `evals report` does it; what it spends on finding them in their folders is the disk's. */
const REPORT = `
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { keepHeapLean } from ${JSON.stringify(join(root, "dist/commands/evals/wiring/lean-heap.js"))};
import { trialRowSchema } from ${JSON.stringify(join(root, "dist/evals/results/trial-row.js"))};
import { writeReport } from ${JSON.stringify(join(root, "dist/evals/run/derived/write-report.js"))};
keepHeapLean();
const rows = [];
for await (const line of createInterface({ input: createReadStream("rows.jsonl") })) rows.push(trialRowSchema.parse(JSON.parse(line)));
await writeReport("report", JSON.parse(readFileSync("facts.json", "utf8")), rows);
console.log(process.resourceUsage().maxRSS / 1024);
`;

/** The same rows read and written five times, for there are five formats. */
const REFERENCE = `
import { readFileSync, writeFileSync } from "node:fs";
const rows = readFileSync("rows.jsonl", "utf8").trimEnd().split("\\n").map((line) => JSON.parse(line));
for (let copy = 0; copy < 5; copy++) writeFileSync("copy-" + copy, rows.map((row) => JSON.stringify(row)).join("\\n"));
console.log(process.resourceUsage().maxRSS / 1024);
`;

export const report: Bench = {
  about: `all files of a report of ${TRIALS} trials of ${MODELS} models, against reading the rows and writing them five times`,
  bound: { side: "at most", ratio: 8 },
  async run() {
    buildProgram();
    const base = mkdtempSync(join(tmpdir(), "crq-agent-report-"));
    try {
      const models = Array.from({ length: MODELS }, (_, at) => ({
        alias: `model-${at}`,
        chance: () => (at + 1) / (MODELS + 1),
        usd: at / 10,
      }));
      const { facts, rows } = madeRun(models, CLUSTERS, TASKS_OF_CLUSTER, REPEATS);
      writeFileSync(join(base, "facts.json"), JSON.stringify(facts));
      writeFileSync(join(base, "rows.jsonl"), `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
      const megabytes: number[] = [];
      const timed = async (script: string): Promise<number> => {
        const started = performance.now();
        const child = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: base, encoding: "utf8" });
        if (child.status !== 0) throw new Error(child.stderr);
        if (script === REPORT) megabytes.push(z.coerce.number().parse(child.stdout));
        return performance.now() - started;
      };
      const figure = await inTurn(
        5,
        () => timed(REPORT),
        () => timed(REFERENCE),
      );
      const [seconds, memory] = [figure.value / 1000, median(megabytes)];
      return {
        ...figure,
        unit: "ms",
        notes: [
          `${seconds.toFixed(2)} s (at most ${MOST_SECONDS}) and ${memory.toFixed(0)} MB at the peak (at most ${MOST_MEGABYTES})`,
        ],
        broken: seconds > MOST_SECONDS || memory > MOST_MEGABYTES,
      };
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
};
