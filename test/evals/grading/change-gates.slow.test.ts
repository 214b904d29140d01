import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChangeOptions } from "../../../src/evals/grading/change/grade-change.ts";
import { type Grade, gradeIn } from "../../../src/evals/grading/grade.ts";
import { openGrading } from "../../../src/evals/grading/place.ts";
import { firstFailure, GATES } from "../../../src/evals/results/trial-row.ts";
import { layOverlay } from "../../../src/evals/task/overlay.ts";
import type { Task } from "../../../src/evals/task/task.ts";
import type { Machine } from "../../../src/evals/trial/machine.ts";
import type { Claim } from "../../../src/evals/trial/submission.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { BROKEN, TALLY_FILES, type TaskOnDisk, taskOnDisk } from "./tally-task.ts";

const ROOT = join(import.meta.dirname, "../../..");

let machine: Machine;
let tally: TaskOnDisk;
let work: string;

beforeAll(async () => {
  const host = await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" });
  machine = { packageRoot: ROOT, host, world: { mode: "replay", directory: join(ROOT, "evals/world") }, isolation: "bwrap" };
  tally = await taskOnDisk(TALLY_FILES);
  work = await mkdtemp(join(tmpdir(), "crq-graded-"));
});

afterAll(async () => {
  await tally.remove();
  await rm(work, { recursive: true, force: true });
});

async function gradeOverlay(
  task: Task,
  overlay: string,
  more: Partial<ChangeOptions> & { readonly success?: boolean } = {},
): Promise<Grade> {
  const { signal } = new AbortController();
  const folder = await mkdtemp(join(work, "one-"));
  const place = await openGrading(task, machine, join(folder, "place"), undefined);
  try {
    const laid = await layOverlay({ ...place, signal }, overlay, join(place.work, "overlay"));
    expect(laid.unlocked).toBeUndefined();
    const { success = true, ...options } = more;
    const claim: Claim = { schema: "crq-claim/1", outcome: success ? "done" : "gave-up", success, criteria: [] };
    return await gradeIn(place, { patch: laid.patch, claim, events: [] }, { logs: join(folder, "logs"), signal, ...options });
  } finally {
    await place.close();
  }
}

const verdicts = ({ gates }: Grade): Readonly<Record<string, string>> =>
  Object.fromEntries(GATES.flatMap((gate) => (gates[gate] ? [[gate, gates[gate].verdict]] : [])));

const ALL_PASS = Object.fromEntries([...Object.keys(BROKEN), "claim"].map((gate) => [gate, "pass"]));

describe("a change is graded", () => {
  it("resolved where it is the solution, twice the same", async () => {
    const [one, two] = [await gradeOverlay(tally.task, "solution"), await gradeOverlay(tally.task, "solution")];
    expect({ verdicts: verdicts(one), resolved: one.resolved, stage: one.stage, hack: one.hack, same: verdicts(two) }).toEqual({
      verdicts: ALL_PASS,
      resolved: true,
      stage: "resolved",
      hack: null,
      same: verdicts(one),
    });
  });

  it.each(Object.keys(BROKEN))("unresolved, first by %s, where that is what is broken", async (gate) => {
    const grade = await gradeOverlay(tally.task, `hacks/${gate}`, { thorough: true });
    expect({ first: firstFailure(grade), resolved: grade.resolved }, JSON.stringify(grade.gates, undefined, 1)).toEqual({
      first: gate,
      resolved: false,
    });
  });

  it("unresolved where a required check needs no other derivation, whatever its script seems to do", async () => {
    const { gates, resolved } = await gradeOverlay(tally.task, "hacks/bare-check", { until: ["checks"] });
    expect({ checks: gates.checks?.verdict, detail: gates.checks?.detail, resolved }).toEqual({
      checks: "fail",
      detail: "nothing is tested by test: it needs no other derivation (stub)",
      resolved: false,
    });
  });

  it("unresolved where a check that nobody names is such a stub, and not where it is the package", async () => {
    const checksOf = async (hack: string) =>
      (await gradeOverlay(tally.task, `hacks/${hack}`, { until: ["checks"] })).gates.checks;
    expect(await checksOf("other-bare-check")).toMatchObject({
      verdict: "fail",
      detail: "nothing is tested by other: it needs no other derivation (stub)",
    });
    expect(await checksOf("good-checks")).toMatchObject({ verdict: "pass" });
  });

  it("unresolved where the claim is wrong", async () => {
    const grade = await gradeOverlay(tally.task, "solution", { success: false });
    expect({ first: firstFailure(grade), resolved: grade.resolved }).toEqual({ first: "claim", resolved: false });
  });
});
