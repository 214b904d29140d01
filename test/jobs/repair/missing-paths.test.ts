import { expect, test } from "vitest";
import { missingPaths } from "../../../src/jobs/repair/from-checkout.ts";
import type { Diagnosis, DiagnosisFacts } from "../../../src/nix/diagnosis.ts";

const seen = (facts: DiagnosisFacts): Diagnosis => ({
  ...facts,
  stage: "build",
  message: "",
  excerpt: "",
  next: "",
  fingerprint: "",
});

test("a module may lie in a file or in a folder, another file where it is named", () => {
  expect([
    missingPaths(seen({ kind: "untracked-file", path: "src/bin/shed.rs" })),
    missingPaths(seen({ kind: "untracked-file", path: "nix/shell.nix" })),
    missingPaths(seen({ kind: "cargo-lock", problem: "missing" })),
    missingPaths(seen({ kind: "cargo-lock", problem: "outdated" })),
    missingPaths(seen({ kind: "libclang" })),
  ]).toEqual([["src/bin/shed.rs", "src/bin/shed/mod.rs"], ["nix/shell.nix"], ["Cargo.lock"], [], []]);
});
