import { expect, it } from "vitest";
import { endedByNix } from "../../../src/commands/lattice/open.ts";
import type { Diagnosis } from "../../../src/nix/diagnosis.ts";
import type { NixFailure } from "../../../src/nix/nix.ts";

it("ends as Nix did: wrong, without a verdict, or stopped by a person", () => {
  const diagnosis: Diagnosis = {
    kind: "sandboxed-test",
    tests: [],
    stage: "build",
    message: "it stopped",
    excerpt: "",
    next: "Run it again.",
    fingerprint: "f",
  };
  const exitOf = (why: NixFailure["why"]) =>
    endedByNix("it", { ok: false, why, diagnoses: [diagnosis], log: "", seconds: 1 }).exit;
  expect([exitOf("failed"), exitOf("timeout"), exitOf("unavailable"), exitOf("aborted")]).toEqual([1, 4, 4, 130]);
});
