import { expect, test } from "vitest";
import { table } from "../../../scripts/bench/faults.ts";
import type { Trial } from "../../../scripts/faults/trial.ts";
import { planterNamed } from "../../../src/evals/faults/all.ts";

/** The bench's table counts what was proven, not what was claimed. */

const [mechanical, other] = ["openssl-sys", "member-of-nothing"].map(planterNamed);
if (!mechanical || !other) throw new Error("the planters of this test have other names now");

const trial = (more: Partial<Trial>): Trial => ({
  planter: mechanical,
  builder: "crane",
  what: "",
  diagnosed: "native-library",
  repaired: true,
  unproven: undefined,
  ended: "done",
  nixRuns: 10,
  seconds: 2,
  ...more,
});

test("a claim without proof is no repair, a fault that does not show was not planted, and a wrong class is not told right", () => {
  const lines = table([
    trial({}),
    trial({ repaired: false, unproven: "the branch does not build: no", nixRuns: 30, seconds: 9 }),
    trial({ diagnosed: undefined, repaired: false }),
    trial({ planter: other, diagnosed: "unknown", repaired: false, ended: "gave-up", nixRuns: 5, seconds: 1 }),
  ]);
  expect(lines).toEqual([
    "| class | planted | diagnosed | repaired | Nix runs | seconds |",
    "|---|---|---|---|---|---|",
    "| 2 native-library | 2 | 2 | 1 | 10 | 2.0 |",
    "| 9 workspace (no rule alone) | 1 | 0 | 0 | 5 | 1.0 |",
    "| **all** | 3 | 2 | 1 | 10 | 2.0 |",
    "| **those a rule can cure** | 2 | 2 | 1 | 10 | 2.0 |",
  ]);
});
