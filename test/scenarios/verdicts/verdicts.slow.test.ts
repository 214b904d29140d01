import { describe, test } from "vitest";
import { noNix, SYSTEM } from "../../program/samples.ts";
import { runScenario, scenariosThatAre } from "./run-scenario.ts";

describe.skipIf(noNix !== undefined || SYSTEM !== "x86_64-linux")("the report of verify", () => {
  test.for(scenariosThatAre("slow"))("%s", (name) => runScenario(name));
});
