import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { writeAdmission } from "../../../src/evals/admission/store.ts";
import { GATE_VERSION } from "../../../src/evals/grading/grade.ts";
import { surroundingsOf } from "../../../src/evals/run/identity/surroundings.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { execute } from "../../../src/system/process.ts";
import { smallTask } from "../../evals/admission/small-task.ts";
import { writeTasks } from "../../evals/task/sample-task.ts";

const ROOT = join(import.meta.dirname, "../../..");
const listed = z.object({
  data: z.object({ tasks: z.array(z.object({ id: z.string(), hash: z.string(), admission: z.unknown() })) }),
});

async function list(home: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute({
    argv: [process.execPath, join(ROOT, "src/bin.ts"), "evals", "list", "--tasks", join(home, "tasks"), ...args],
    cwd: home,
    env: { PATH: process.env.PATH ?? "", HOME: home },
    timeoutMs: 60_000,
  });
  return stdout;
}

test("which tasks are admitted as they are now, and the command for the others", { timeout: 120_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), "crq-list-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await writeTasks(join(home, "tasks"), { good: smallTask("good"), bad: smallTask("bad"), fresh: smallTask("fresh") });
  const read = async () => listed.parse(JSON.parse(await list(home, "--json"))).data.tasks;
  const hashes = new Map((await read()).map(({ id, hash }) => [id, hash]));
  const host = await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" });
  const { world, toolchain, nix } = await surroundingsOf({
    packageRoot: ROOT,
    host,
    world: { mode: "replay", directory: join(ROOT, "evals/world") },
    isolation: "none",
  });
  const look = (task: string, admitted: boolean, worldHash: string) => {
    const taskHash = hashes.get(task) ?? "";
    const key = { taskHash, worldHash, toolchain, gateVersion: GATE_VERSION, nix };
    const said = { task, taskHash, admitted, rounds: 1, problems: [], seconds: 1, at: "2026-11-28T05:00:00.000Z" };
    return writeAdmission(join(home, ".crq-agent/evals/admissions"), key, { schema: "crq-admission/1", ...said });
  };
  await look("good", true, world.hash);
  await look("bad", false, world.hash);
  await look("fresh", true, "another world");
  expect((await read()).map(({ id, admission }) => [id, admission])).toEqual([
    ["bad", { verdict: "refused", at: "2026-11-28" }],
    ["fresh", { verdict: "none" }],
    ["good", { verdict: "admitted", at: "2026-11-28" }],
  ]);
  expect(await list(home)).toContain(
    "1 of 3 are admitted as they are now; the others: crq-agent evals validate --missing bad fresh",
  );
});
