import { defineConfig } from "vitest/config";

/** `npm run test:slow` runs the suites that take minutes, and those only; `npm test` leaves them out. */
const slow = process.env.CRQ_AGENT_SLOW === "1";
const SLOW = "test/**/*.slow.test.ts";

export default defineConfig({
  test: {
    include: [slow ? SLOW : "test/**/*.test.ts"],
    exclude: slow ? [] : [SLOW],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: "coverage",
    },
  },
});
