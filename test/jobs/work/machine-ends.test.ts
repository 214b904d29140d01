import { expect, test } from "vitest";
import { z } from "zod";
import { defineTool, type ToolResult } from "../../../src/agent/tool.ts";
import { endingWithTheMachine } from "../../../src/jobs/work/gate/worktree-tools.ts";

/** Nothing that a model could mend, and nothing that the flake is to blame for. */

async function ended(run: () => Promise<ToolResult>): Promise<ToolResult["outcome"]> {
  const [tool] = endingWithTheMachine([defineTool({ name: "t", about: "", args: z.strictObject({}), writes: false, run })]);
  return (await tool?.run({}, { signal: AbortSignal.abort(), note: () => undefined }))?.outcome;
}
const notStarted = { kind: "resources", resource: "nix", message: "Nix did not start (exit code 127)" };

test("a Nix that does not start ends the run as what it is, whichever tool met it", async () => {
  const infra = { kind: "infra", detail: notStarted.message };
  expect(await ended(async () => ({ text: "", details: { ok: false, diagnoses: [notStarted] } }))).toEqual(infra);
  expect(
    await ended(async () => ({ text: "", details: { ok: false, criteria: [{ id: "AC-1", diagnoses: [notStarted] }] } })),
  ).toEqual(infra);
});

test("what Nix says of a flake, and what is no diagnosis, ends nothing", async () => {
  const memory = { kind: "resources", resource: "memory", message: "killed" };
  expect(await ended(async () => ({ text: "", details: { ok: false, diagnoses: [memory] } }))).toBeUndefined();
  expect(await ended(async () => ({ text: "read" }))).toBeUndefined();
  expect(await ended(async () => ({ text: "", details: { ok: true, criteria: [] } }))).toBeUndefined();
});
