import { describe, it } from "vitest";
import { noNix } from "../samples.ts";
import { buildsWhatChanged } from "./building.ts";

describe.skipIf(noNix !== undefined)("a lattice of two hundred nodes", () => {
  it("builds again the node that changed and what takes it, and nothing else", { timeout: 1_800_000 }, async () => {
    await buildsWhatChanged(200, "n123", { checkAgain: false });
  });
});
