import { expect, test } from "vitest";
import { changesByCriterion, type TrailedCommit } from "../../../../../src/crq/criteria/report/changes/by-criterion.ts";
import { explainer } from "../../../../../src/crq/criteria/report/changes/explained.ts";
import { parseCrq } from "../../../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH } from "../../../fixtures/example.ts";

const crq = parseCrq(EXAMPLE_PATH, EXAMPLE);
const commit = (id: string, criteria: readonly string[], paths: readonly string[], crqs = ["CRQ-001"]): TrailedCommit => ({
  commit: id,
  crqs,
  criteria,
  paths,
});

test("says where in the document a path is asked for", () => {
  const explain = explainer(crq);
  expect(explain("README.md")).toEqual({
    scope: true,
    criteria: [{ id: "AC-5", by: ["check", "text"] }],
    steps: [],
  });
  expect(explain("flake.nix")).toEqual({
    scope: true,
    criteria: ["AC-1", "AC-2", "AC-3", "AC-4"].map((id) => ({ id, by: ["check"] })),
    steps: [{ number: 1, criteria: ["AC-1", "AC-3", "AC-4"] }],
  });
  expect(explain("src/main.rs")).toEqual({ scope: false, criteria: [], steps: [] });
});

test("a file is a criterion's by its checks, text and steps, a commit by its trailers", () => {
  const handOver = commit("aaa", ["AC-1", "AC-2", "AC-3", "AC-4", "AC-5"], ["README.md", "flake.nix", "src/main.rs"]);
  const changes = changesByCriterion(
    crq,
    ["README.md", "crqs/list.txt", "flake.lock", "flake.nix", "src/main.rs"],
    [handOver],
    "crqs",
  );
  expect(changes).toEqual({
    "AC-1": { files: ["flake.lock", "flake.nix"], commits: ["aaa"] },
    "AC-2": { files: ["flake.lock", "flake.nix"], commits: ["aaa"] },
    "AC-3": { files: ["flake.lock", "flake.nix"], commits: ["aaa"] },
    "AC-4": { files: ["flake.lock", "flake.nix"], commits: ["aaa"] },
    "AC-5": { files: ["README.md"], commits: ["aaa"] },
  });
});

test("a commit for one criterion alone says what its files are for; other CRQs and commits without AC say nothing", () => {
  const changes = changesByCriterion(
    crq,
    ["src/main.rs"],
    [
      commit("bbb", ["AC-2"], ["src/main.rs", "src/gone.rs"]),
      commit("ccc", ["AC-1"], ["src/main.rs"], ["CRQ-002"]),
      commit("ddd", [], ["src/main.rs"]),
    ],
    "crqs",
  );
  expect(changes["AC-2"]).toEqual({ files: ["src/main.rs"], commits: ["bbb"] });
  expect(changes["AC-1"]).toEqual({ files: [], commits: [] });
});
