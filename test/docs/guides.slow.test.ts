import { describe, it } from "vitest";
import { noNix } from "../program/samples.ts";
import { runGuide } from "./guide-run.ts";
import { GUIDES } from "./guides.ts";

describe.skipIf(noNix !== undefined)("a guide shows what is printed", () => {
  it.each(GUIDES.filter(({ slow }) => slow))("$name", async ({ name, fences }) => runGuide(name, fences), 600_000);
});
