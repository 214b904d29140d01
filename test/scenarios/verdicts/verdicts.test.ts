import { describe, test } from "vitest";
import { elsewhere } from "../../program/bare-machine.ts";
import { noNix, SYSTEM } from "../../program/samples.ts";
import { runScenario, scenariosThatAre } from "./run-scenario.ts";

describe.skipIf(noNix !== undefined || SYSTEM !== "x86_64-linux")("the report of verify", () => {
  test.for(scenariosThatAre("fast"))("%s", async (name, { skip }) => {
    skip(name.endsWith("no-nix") && elsewhere.length > 0, "Nix is installed where it cannot be hidden");
    await runScenario(name);
  });
});
