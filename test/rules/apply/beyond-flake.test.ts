import { expect, test } from "vitest";
import { plainDiagnosis } from "../../../src/nix/diagnose/plain-diagnosis.ts";
import type { DiagnosisFacts } from "../../../src/nix/diagnosis.ts";
import { beyondFlake } from "../../../src/rules/apply/beyond-flake.ts";

/** What no flake text would mend is given up at once, with the reason that it has. */

const survey = { files: ["Cargo.toml", "src/main.rs", "crates/common/Cargo.toml", "assets/text.txt"] };

const CASES: readonly (readonly [facts: DiagnosisFacts, message: string, reason: string | undefined])[] = [
  [{ kind: "path-outside-source", path: "/home/a/itoa" }, "", "source-needs-patch"],
  [{ kind: "path-outside-source", path: "shared/tables" }, "", "source-needs-patch"],
  [{ kind: "path-outside-source", path: "common" }, "", undefined],
  [{ kind: "source-filter", path: "assets/text.txt" }, "", undefined],
  [{ kind: "source-filter", path: "assets/none.txt" }, "", "source-needs-patch"],
  [{ kind: "source-filter", path: ".sqlx" }, "", "source-needs-patch"],
  [{ kind: "workspace", member: "crates/common" }, "", undefined],
  [{ kind: "workspace", member: "crates/gone" }, "", "source-needs-patch"],
  [{ kind: "workspace" }, "error inheriting `license` from workspace root manifest", "source-needs-patch"],
  [{ kind: "workspace" }, "manifest is virtual", undefined],
  [{ kind: "sandboxed-test", tests: ["a"] }, "a failed: /homeless-shelter", undefined],
  [{ kind: "sandboxed-test", tests: ["a"] }, "a failed: Could not resolve host: x", "network-at-build-time"],
  [{ kind: "sandboxed-test", tests: ["a"] }, "a failed: sqlite3 runs: NotFound", "source-needs-patch"],
  [{ kind: "git-metadata", variable: "GIT_HASH" }, "", undefined],
  [{ kind: "git-metadata" }, "vergen: no repository", undefined],
  [{ kind: "git-metadata" }, "git tells the revision: NotFound", "source-needs-patch"],
  [{ kind: "untracked-file", path: "src/tables.rs" }, "", "source-needs-patch"],
  [{ kind: "untracked-file", path: "nix/package.nix" }, "", undefined],
  [{ kind: "libclang" }, "", undefined],
];

test.each(CASES)("%j %s", (facts, message, reason) => {
  expect(beyondFlake(plainDiagnosis("build", facts, message, "Look."), survey)?.reason).toBe(reason);
});
