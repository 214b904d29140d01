import { posix } from "node:path";
import type { StepRecord } from "../../repo/steps/records.ts";
import type { LockNode } from "../lock.ts";
import { file } from "../recipes/nix-syntax.ts";
import { planSteps, type RecordingFacts, type RecordingProblem } from "./plan-steps.ts";
import { STEP_SHELL, stepNix } from "./step-builder.ts";
import { type FlakeSettings, joiningFlake, stepFlake } from "./step-flake.ts";
import { stepLock } from "./step-locks.ts";

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
  /** The node of a lock for that reference; without it no flake.lock is written. */
  readonly nixpkgsLock: LockNode | undefined;
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
  const all = steps.map((step) => step.folder);
  const locks =
    nixpkgsLock === undefined
      ? []
      : [
          ...steps.map((step) =>
            at(
              `${step.folder}/flake.lock`,
              stepLock(step.below, (below) => `../${below}`, nixpkgsLock, settings),
            ),
          ),
          at(
            "flake.lock",
            stepLock(all, (below) => `./${below}`, nixpkgsLock, settings),
          ),
        ];
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
