import { checkSchemas } from "../../../checks.ts";
import { minimalFlake } from "../../canaries/minimal-flake.ts";
import { defineKind } from "../../check/kind.ts";
import { judgeLattice } from "./lattice.ts";
import { judgeRecords } from "./records.ts";

export const steps = defineKind({
  schema: checkSchemas.steps,
  kind: "steps",
  tier: "eval",
  tierOf: ({ build }) => (build ? "build" : "eval"),
  needs: "nix",
  guard:
    "there are fewer than min steps or nodes, a record or a builder only echoes, touches or copies, a flake has no outputs, or what it builds is empty",
  canary: {
    description: "two recorded steps whose flakes only write a text instead of running them",
    files: {
      "steps/steps.jsonl": `${recordOf(1)}\n${recordOf(2)}\n`,
      "steps/step001/flake.nix": pretendedFlake(1),
      "steps/step002/flake.nix": pretendedFlake(2),
    },
    check: checkSchemas.steps.parse({ kind: "steps", mode: "records", dir: "steps" }),
  },
  run: (check, context) => (check.mode === "records" ? judgeRecords(check, context) : judgeLattice(check, context)),
});

/** `cc -O1 -c a1.c -o a1.o`, recorded. */
function recordOf(seq: number): string {
  return JSON.stringify({
    schema: "crq-step/1",
    seq,
    id: `step-000${seq}-cc-a${seq}.o`,
    type: "c_compiler_invocation",
    command: "cc",
    tool: "cc",
    args: commandOf(seq).slice(1),
    env: {},
    cwd: "@source@",
    inputs: [{ path: `@source@/a${seq}.c`, sha256: "0".repeat(64) }],
    outputs: [`@build@/a${seq}.o`],
    depends: [],
    exit: 0,
  });
}

function commandOf(seq: number): readonly string[] {
  return ["cc", "-O1", "-c", `a${seq}.c`, "-o", `a${seq}.o`];
}

/** Names the command, and does not run it. */
function pretendedFlake(seq: number): string {
  return minimalFlake("packages", "default", `echo ${commandOf(seq).join(" ")} > $out`);
}
