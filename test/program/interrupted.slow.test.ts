import { describe, it } from "vitest";
import { goesOnAfterKillsAt, STEPS } from "./interrupted-runs.ts";
import { noNix } from "./samples.ts";

describe.skipIf(noNix !== undefined)("a run that is cut off", () => {
  it("goes on to the same end after SIGKILL at any moment, asks for no journaled reply again and answers each call once", () =>
    goesOnAfterKillsAt(STEPS));
});
