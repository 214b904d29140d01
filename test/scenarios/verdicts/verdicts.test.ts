import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { elsewhere } from "../../program/bare-machine.ts";
import { noNix, SYSTEM } from "../../program/samples.ts";
import { runScenario } from "./run-scenario.ts";

const scenarios = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

describe.skipIf(noNix !== undefined || SYSTEM !== "x86_64-linux")("the report of verify", () => {
  test.for(scenarios)("%s", async (name, { skip }) => {
    skip(name.endsWith("no-nix") && elsewhere.length > 0, "Nix is installed where it cannot be hidden");
    await runScenario(join(import.meta.dirname, name));
  });
});
