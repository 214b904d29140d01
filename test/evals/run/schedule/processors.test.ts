import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { lockedProcessors, openProcessors, type TakenProcessors } from "../../../../src/evals/run/schedule/processors.ts";

const TASKSET = "/usr/bin/taskset";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crq-processors-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const processorsOf = ({ affinity }: TakenProcessors): readonly number[] => affinity?.processors ?? [];

test("takers get as many as they ask for, of those that fewest have: disjoint ones while there are enough", () => {
  const step = fc.oneof(
    fc.record({ take: fc.double({ min: 0.1, max: 5, noNaN: true }), by: fc.nat(2) }),
    fc.record({ release: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(70), { minLength: 1, maxLength: 5 }), fc.array(step, { maxLength: 25 }), (some, steps) => {
      const folder = newFolder();
      const processors = some.sort((a, b) => a - b);
      // Each as a process of its own has it: they know of each other by the folder alone.
      const holders = [0, 1, 2].map(() => lockedProcessors(folder, { taskset: TASKSET, processors }));
      const taken: TakenProcessors[] = [];
      const takers = (processor: number): number => taken.filter((one) => processorsOf(one).includes(processor)).length;
      for (const one of steps) {
        if ("release" in one) {
          for (const freed of taken.splice(one.release, 1)) freed.release();
          continue;
        }
        const before = new Map(processors.map((processor) => [processor, takers(processor)]));
        const got = holders[one.by]?.take(one.take);
        if (!got) throw new Error("there are three holders");
        const mine = processorsOf(got);
        const others = processors.filter((processor) => !mine.includes(processor));
        const most = Math.max(...mine.map((processor) => before.get(processor) ?? 0));
        const least = Math.min(...others.map((processor) => before.get(processor) ?? 0));
        expect({ count: mine.length, all: [...new Set(mine)].sort((a, b) => a - b), known: most <= least }).toEqual({
          count: Math.min(processors.length, Math.ceil(one.take)),
          all: mine.filter((processor) => processors.includes(processor)),
          known: true,
        });
        taken.push(got);
      }
    }),
    { numRuns: 30 },
  );
});

test("a machine that cannot keep a program to processors holds none", async () => {
  const folder = newFolder();
  const { affinity, release } = (await openProcessors(folder, { taskset: undefined })).take(1);
  release();
  expect(affinity).toBeUndefined();
});

/** Takes a processor of two, as another process, and keeps it until it is killed. */
async function otherProcess(folder: string): Promise<{ readonly processors: readonly number[]; readonly child: ChildProcess }> {
  const module = join(import.meta.dirname, "../../../../src/evals/run/schedule/processors.ts");
  const code = `
    const { lockedProcessors } = await import(${JSON.stringify(module)});
    const { affinity } = lockedProcessors(${JSON.stringify(folder)}, { taskset: "taskset", processors: [4, 6] }).take(1);
    console.log(JSON.stringify(affinity.processors));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { processors: JSON.parse(String(line)), child };
}

test("processes that begin at once take different ones, and one that was killed has none any more", async () => {
  const folder = newFolder();
  const [one, two] = await Promise.all([otherProcess(folder), otherProcess(folder)]);
  expect([...one.processors, ...two.processors].sort()).toEqual([4, 6]);
  const ended = once(one.child, "exit");
  one.child.kill("SIGKILL");
  await ended;
  const own = lockedProcessors(folder, { taskset: TASKSET, processors: [4, 6] });
  const [third, fourth] = [own.take(1), own.take(1)];
  // The fourth shares: both are taken once.
  expect([processorsOf(third), processorsOf(fourth).length]).toEqual([one.processors, 1]);
});
