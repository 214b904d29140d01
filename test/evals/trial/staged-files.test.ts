import { expect, test } from "vitest";
import { StageError, stagedFiles } from "../../../src/evals/trial/staged-files.ts";
import type { Leaf } from "../../../src/world/content/listing.ts";

const leaf = (path: string, mode: Leaf["mode"] = "100644"): Leaf => ({ path, mode, sha256: "", size: 0 });

test("the fixture with what is given laid over it, and nothing of what is hidden", () => {
  const leaves = [
    leaf("checks/checks.toml"),
    leaf("crq/CRQ-001-package.md"),
    leaf("crq/docs/rules.md"),
    leaf("repo/docs/rules.md"),
    leaf("repo/run.sh", "100755"),
    leaf("repo/to", "120000"),
    leaf("solution/flake.nix"),
    leaf("statement.md"),
  ];
  expect(stagedFiles(leaves)).toEqual([
    { path: "crqs/CRQ-001-package.md", source: "crq/CRQ-001-package.md", mode: "100644" },
    { path: "docs/rules.md", source: "crq/docs/rules.md", mode: "100644" },
    { path: "run.sh", source: "repo/run.sh", mode: "100755" },
    { path: "to", source: "repo/to", mode: "120000" },
  ]);
});

test.each([
  [["repo/.git/config"], "repo/.git/config belongs to git"],
  [["repo/sub/.GIT"], "repo/sub/.GIT belongs to git"],
  [["crq/docs/a.md", "repo/docs"], "crq/docs/a.md would lie below repo/docs, which is no folder"],
])("%j is refused", (paths, message) => {
  expect(() => stagedFiles(paths.map((path) => leaf(path)))).toThrow(
    new StageError(message.split(" ")[0] ?? "", message.split(" ").slice(1).join(" ")),
  );
});
