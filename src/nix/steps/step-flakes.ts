import { posix } from "node:path";
import type { StepRecord } from "../../repo/steps/records.ts";
import { file } from "../recipes/nix-syntax.ts";
import { lockText } from "../sibling-flakes/lock-text.ts";
import type { LockedFlake } from "../sibling-flakes/locked-flake.ts";
import { planSteps, type RecordingFacts, type RecordingProblem } from "./plan-steps.ts";
import { STEP_SHELL, stepNix } from "./step-builder.ts";
import { type FlakeSettings, joiningFlake, joiningInputs, stepFlake, stepInputs } from "./step-flake.ts";

/** Flakes of a recorded build: one a step, wired by their inputs as the steps depend on each other, and one that joins the last. Pure. */

export interface StepFlakesRequest {
  readonly records: readonly StepRecord[];
  readonly facts: RecordingFacts;
  /** Folder of the flakes, relative to the repository's root: `steps`. Never the root itself. */
  readonly folder: string;
  /** What `@source@` stands for, relative to the repository's root; `.` for that itself. */
  readonly source: string;
  /** Flake reference. */
  readonly nixpkgs: string;
  /** What that reference is locked to; without it no flake.lock is written. */
  readonly nixpkgsLock: LockedFlake | undefined;
  readonly systems: readonly string[];
}

export interface GeneratedFile {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;
}

export type StepFlakes =
  | { readonly ok: true; readonly files: readonly GeneratedFile[]; readonly steps: number }
  | { readonly ok: false; readonly problems: readonly RecordingProblem[] };

export function stepFlakes(request: StepFlakesRequest): StepFlakes {
  const { folder, nixpkgs, nixpkgsLock, systems } = request;
  const planned = planSteps(request.records, request.facts);
  if (!planned.ok) return planned;
  const { steps } = planned;
  const settings: FlakeSettings = { nixpkgs, systems, belowOf: new Map(steps.map((step) => [step.folder, step.below])) };
  const up = folder
    .split("/")
    .map(() => "..")
    .join("/");
  const at = (name: string, text: string): GeneratedFile => ({ path: posix.join(folder, name), text });
  const inputs = new Map(steps.map((step) => [step.folder, stepInputs(step.folder, settings)]));
  const siblings = nixpkgsLock && { nixpkgs: nixpkgsLock, inputsOf: (name: string) => inputs.get(name) ?? [] };
  const locks = siblings
    ? [
        ...[...inputs].map(([name, declared]) => at(`${name}/flake.lock`, lockText(declared, siblings))),
        at("flake.lock", lockText(joiningInputs(settings), siblings)),
      ]
    : [];
  return {
    ok: true,
    files: [
      at("step.nix", stepNix(file(posix.join(up, request.source)))),
      at("step.sh", STEP_SHELL),
      ...steps.map((step) => at(`${step.folder}/flake.nix`, stepFlake(step, settings))),
      at("flake.nix", joiningFlake(steps, settings)),
      ...locks,
    ],
    steps: steps.length,
  };
}
