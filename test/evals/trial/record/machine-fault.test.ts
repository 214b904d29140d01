import { expect, test } from "vitest";
import { endedClaim } from "../../../../src/evals/trial/record/claim-of.ts";
import { faultOfMachine } from "../../../../src/evals/trial/record/machine-fault.ts";
import type { Finished } from "../../../../src/system/process.ts";

const finished = (more: Partial<Finished>): Finished => ({
  exit: 3,
  signal: null,
  stdout: "",
  stderr: "",
  stdoutBytes: 0,
  stderrBytes: 0,
  ended: "exited",
  durationMs: 1,
  ...more,
});

test.each([
  ["killed by another process", finished({ exit: null, signal: "SIGKILL" }), endedClaim("crash", ""), false, "killed"],
  ["killed inside its namespace", finished({ exit: 137 }), endedClaim("crash", ""), false, "killed"],
  ["not started", finished({ exit: null, ended: "not-started", problem: "ENOENT" }), endedClaim("crash", ""), true, "harness"],
  ["no room left", finished({}), endedClaim("crash", "the disk is full (ENOSPC: no space left on device)"), false, "disk"],
  [
    "the mirror is gone",
    finished({ exit: 3 }),
    endedClaim("infra", "Failed to connect to 127.0.0.1 port 41733"),
    false,
    "mirror",
  ],
  [
    "no daemon",
    finished({}),
    endedClaim("infra", "cannot connect to daemon at /nix/var/nix/daemon-socket/socket"),
    false,
    "nix-daemon",
  ],
  ["no memory", finished({}), endedClaim("infra", "fork: Cannot allocate memory"), false, "memory-host"],
  [
    "a sandbox that does not come up",
    finished({ exit: 1, stderr: "bwrap: Can't mount" }),
    endedClaim("unmet", ""),
    true,
    "harness",
  ],
  ["a bug of the program counts", finished({ exit: 3 }), endedClaim("crash", "internal error: x"), false, undefined],
  ["an abort of the program counts", finished({ exit: 134 }), endedClaim("crash", ""), false, undefined],
  ["what it claims itself counts", finished({ exit: 20 }), endedClaim("gave-up", "resources"), false, undefined],
])("%s", (_, end, claim, silent, expected) => {
  expect(faultOfMachine(end, claim, silent)?.class).toBe(expected);
});
