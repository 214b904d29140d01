import { createHash } from "node:crypto";
import type { StepRecord } from "../../../src/repo/steps/records.ts";

/** Records as `steps record` writes them, for tests that need no recorder. */

export type Given = Pick<StepRecord, "seq" | "args"> & Partial<StepRecord>;

/** A call of cc among the sources, unless told otherwise. */
export function record(given: Given): StepRecord {
  const command = given.command ?? "cc";
  const tool = command.split("/").at(-1) ?? "";
  return {
    place: `steps/steps.jsonl:${given.seq}`,
    form: "current",
    id: `step-${String(given.seq).padStart(4, "0")}-${tool}`,
    type: "c_compiler_invocation",
    command,
    tool,
    env: {},
    cwd: "@source@",
    inputs: [],
    outputs: [],
    depends: [],
    exit: 0,
    ...given,
  };
}

export const input = (path: string, text = ""): StepRecord["inputs"][number] => ({
  path,
  sha256: createHash("sha256").update(text).digest("hex"),
});

/** Lines of a file of records. */
export const jsonLines = (records: readonly StepRecord[]): string =>
  records.map(({ place: _place, form: _form, ...step }) => `${JSON.stringify({ schema: "crq-step/1", ...step })}\n`).join("");
