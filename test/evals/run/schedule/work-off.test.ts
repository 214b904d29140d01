import { describe, expect, it } from "vitest";
import type { TrialRow } from "../../../../src/evals/results/trial-row.ts";
import type { PlannedTrial } from "../../../../src/evals/run/manifest.ts";
import { admits, type Room } from "../../../../src/evals/run/schedule/admission.ts";
import { type Work, type WorkOptions, workOff } from "../../../../src/evals/run/schedule/work-off.ts";
import { madeRun } from "../../results/sample-run.ts";

const [SAMPLE] = madeRun([{ alias: "a", chance: () => 1, usd: 1 }], 1, 1, 1).rows;

const rowFor = ({ key, model }: PlannedTrial, infra: TrialRow["infra"] = null): TrialRow => {
  if (!SAMPLE) throw new Error("no sample row");
  return { ...SAMPLE, key, model, infra };
};

const work = (count: number, provider = "openai"): readonly Work[] =>
  Array.from({ length: count }, (_, at) => ({
    trial: {
      key: `${provider === "openai" ? "a" : "b"}${at}`,
      task: "task-00",
      taskHash: "0a",
      model: provider,
      repeat: at + 1,
      block: at,
    },
    needs: { cpus: 1, memMb: 1_000 },
    provider,
    tries: 3,
  }));

const WIDE: Room = { cpus: 2, freeMb: 10_000, totalMb: 10_000 };
const options = (more: Partial<WorkOptions>): WorkOptions => ({
  work: work(4),
  room: () => WIDE,
  carryOut: async (trial) => rowFor(trial),
  stop: new AbortController().signal,
  ...more,
});

describe("working a plan off", () => {
  it("carries every trial out once, in its order, as many at once as are admitted", async () => {
    const begun: string[] = [];
    let running = 0;
    let most = 0;
    const end = await workOff(
      options({
        carryOut: async (trial) => {
          begun.push(trial.key);
          most = Math.max(most, ++running);
          await Promise.resolve();
          running -= 1;
          return rowFor(trial);
        },
      }),
    );
    expect([end.why, begun, most]).toEqual(["finished", ["a0", "a1", "a2", "a3"], 2]);
  });

  it("tries a trial that failed for infrastructure twice more, behind the others, and then lets it be", async () => {
    const begun: string[] = [];
    const end = await workOff(
      options({
        room: () => ({ ...WIDE, trials: 1 }),
        work: work(2),
        carryOut: async (trial) => {
          begun.push(trial.key);
          return rowFor(trial, trial.key === "a0" ? { class: "mirror", detail: "went away" } : null);
        },
      }),
    );
    expect([end.why, begun]).toEqual(["finished", ["a0", "a1", "a0", "a0"]]);
  });

  it("gives a provider up that does not answer, and goes on with the others", async () => {
    const begun: string[] = [];
    const end = await workOff(
      options({
        room: () => ({ ...WIDE, trials: 1 }),
        work: [...work(5), ...work(2, "anthropic")],
        carryOut: async (trial) => {
          begun.push(trial.key);
          return rowFor(trial, trial.model === "openai" ? { class: "provider", detail: "is down" } : null);
        },
      }),
    );
    expect(begun).toEqual(["a0", "a1", "a2", "b0", "b1"]);
    expect([end.why, [...end.paused]]).toEqual(["finished", [["openai", "is down"]]]);
  });

  it("begins nothing more once the money is spent", async () => {
    const begun: string[] = [];
    const end = await workOff(
      options({
        room: () => ({ ...WIDE, trials: 1 }),
        budget: { maxUsd: 3, spentUsd: 1 },
        carryOut: async (trial) => {
          begun.push(trial.key);
          return rowFor(trial);
        },
      }),
    );
    expect([end.why, end.spentUsd, begun]).toEqual(["cap", 3, ["a0", "a1"]]);
  });

  it("lets running trials finish when it is told to stop", async () => {
    const stop = new AbortController();
    const ended: string[] = [];
    const end = await workOff(
      options({
        stop: stop.signal,
        carryOut: async (trial) => {
          stop.abort();
          await Promise.resolve();
          ended.push(trial.key);
          return rowFor(trial);
        },
      }),
    );
    expect([end.why, ended]).toEqual(["interrupted", ["a0"]]);
  });

  it("waits for the running trials before it tells of a failure of its own", async () => {
    const ended: string[] = [];
    const failing = workOff(
      options({
        carryOut: async (trial) => {
          if (trial.key === "a0") throw new Error("the disk is gone");
          await Promise.resolve();
          ended.push(trial.key);
          return rowFor(trial);
        },
      }),
    );
    await expect(failing).rejects.toThrow("the disk is gone");
    expect(ended).toEqual(["a1"]);
  });
});

describe("admission", () => {
  const needs = { cpus: 1, memMb: 1_000 };
  it.each([
    ["the first trial, however small the machine", [], { cpus: 0.5, freeMb: 10, totalMb: 10 }, true],
    ["one more where there is room", [needs], WIDE, true],
    ["no more than there are processors", [needs, needs], WIDE, false],
    ["no more than memory is free", [needs], { ...WIDE, freeMb: 1_400 }, false],
    ["no more than memory was promised", [{ cpus: 0.1, memMb: 9_000 }], WIDE, false],
    ["no more than a person said", [needs], { ...WIDE, trials: 1 }, false],
  ])("lets in %s", (_, running, room, admitted) => {
    expect(admits(running, needs, room)).toBe(admitted);
  });
});
