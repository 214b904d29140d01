import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { WholeRunsFirst } from "./test/whole-runs-first.ts";

/** `npm run test:slow` runs the suites that take minutes, and those only; `npm test` leaves them out. */
const slow = process.env.CRQ_AGENT_SLOW === "1";
const SLOW = "test/**/*.slow.test.ts";

export default defineConfig({
  test: {
    include: [slow ? SLOW : "test/**/*.test.ts"],
    exclude: slow ? [] : [SLOW],
    pool: "forks",
    // Most tests wait for a program of ours, which waits for Nix: one worker more than processors keeps these busy.
    maxWorkers: Math.min(availableParallelism(), 4) + 1,
    // No test file changes what another could see (environment, clock, modules), so a worker loads our modules once.
    isolate: false,
    sequence: { sequencer: WholeRunsFirst },
    // No test asserts a time; on a busy machine a whole run may take minutes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: "coverage",
    },
  },
});
