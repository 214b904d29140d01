import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gradeIn } from "../../../src/evals/grading/grade.ts";
import { openGrading } from "../../../src/evals/grading/place.ts";
import { firstFailure } from "../../../src/evals/results/trial-row.ts";
import { layOverlay } from "../../../src/evals/task/overlay.ts";
import type { Machine } from "../../../src/evals/trial/machine.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { FLAKE, TALLY_FILES, type TaskOnDisk, taskOnDisk } from "./tally-task.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PROGRAM = "cat ${./tally.sh};";
const BUILD = "mkdir -p $out/bin\n";

/** Changes that fail, and whose words blame the machine: none of them is counted as a trial that was not carried out. */
const EXCUSES = {
  "a builder that says that the disk is full": [
    "build",
    FLAKE.replace(BUILD, `echo "write error: No space left on device"; exit 1\n`),
  ],
  "an expression that says so": [
    "outputs",
    FLAKE.replace("tally = pkgs:", `tally = pkgs: throw "No space left on device"; other = pkgs:`),
  ],
  "an expression that says that nothing can be sandboxed": [
    "outputs",
    FLAKE.replace(
      "tally = pkgs:",
      `tally = pkgs: throw "this system does not support the kernel namespaces that are required for sandboxing"; other = pkgs:`,
    ),
  ],
  "a program that says that it could not be confined": [
    "golden",
    FLAKE.replace(PROGRAM, `echo 'echo "bwrap: no permission to create a namespace" >&2; exit 1';`),
  ],
} as const;

let machine: Machine;
let tally: TaskOnDisk;
let work: string;

beforeAll(async () => {
  const host = await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" });
  machine = { packageRoot: ROOT, host, world: { mode: "replay", directory: join(ROOT, "evals/world") }, isolation: "bwrap" };
  const overlays = Object.values(EXCUSES).flatMap(([gate, flake], at) => [
    [`hacks/excuse-${at}/hack.toml`, `rule = "${gate}"\n`],
    [`hacks/excuse-${at}/flake.nix`, flake],
    [`hacks/excuse-${at}/README.md`, TALLY_FILES["solution/README.md"] ?? ""],
  ]);
  const { "checks/checks.toml": checks = "", ...files } = TALLY_FILES;
  const withoutOwnChecks = checks.concat('\n[gates-off]\nchecks = "not looked at"\npreserved = "not looked at"\n');
  tally = await taskOnDisk({ ...files, "checks/checks.toml": withoutOwnChecks, ...Object.fromEntries(overlays) });
  work = await mkdtemp(join(tmpdir(), "crq-excuses-"));
});

afterAll(async () => {
  await tally.remove();
  await rm(work, { recursive: true, force: true });
});

it.each(Object.entries(EXCUSES).map(([what, [gate]], at) => ({ what, gate, at })))(
  "$what fails by $gate",
  async ({ gate, at }) => {
    const { signal } = new AbortController();
    const place = await openGrading(tally.task, machine, join(work, `place-${at}`), undefined);
    try {
      const { patch, unlocked } = await layOverlay({ ...place, signal }, `hacks/excuse-${at}`, join(place.work, "overlay"));
      expect(unlocked).toBeUndefined();
      const claim = { schema: "crq-claim/1" as const, outcome: "done" as const, success: true, criteria: [] };
      const grade = await gradeIn(place, { patch, claim, events: [] }, { logs: join(work, `logs-${at}`), signal });
      expect({ first: firstFailure(grade), resolved: grade.resolved }).toEqual({ first: gate, resolved: false });
    } finally {
      await place.close();
    }
  },
);
