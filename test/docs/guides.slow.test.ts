import { describe, it } from "vitest";
import { noNix } from "../program/samples.ts";
import { runGuide } from "./guide-run.ts";
import { GUIDES } from "./guides.ts";

describe.skipIf(noNix !== undefined)("a guide shows what is printed", () => {
  // One test for all: there may be none that is slow, and a suite without a test is an error.
  it("in the guides that take minutes", { timeout: 1_800_000 }, async () => {
    for (const { name, fences } of GUIDES.filter(({ slow }) => slow)) await runGuide(name, fences);
  });
});
