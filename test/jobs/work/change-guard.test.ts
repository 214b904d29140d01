import { expect, it } from "vitest";
import { changeGuard } from "../../../src/jobs/work/gate/worktree-tools.ts";

/** What no model changes, however it spells the path. */

const settings = { crqFolder: "crqs", configFile: "crq-agent.toml" };
const refused = (kind: "steps" | "lattice" | undefined, paths: readonly string[]): readonly string[] =>
  paths.filter((path) => changeGuard(kind, settings)(path) !== undefined);

it("keeps the policy, the requests and submodules from every change, also where a disk tells no case", () => {
  const own = ["crq-agent.toml", "CRQ-Agent.toml", "crqs", "crqs/x.md", "Crqs/x.md", ".gitmodules", "a/.GitModules"];
  expect(refused(undefined, [...own, "crqs.md", "a/crq-agent.toml", "src/main.rs", "steps/steps.jsonl"])).toEqual(own);
});

it("keeps recordings from the change that makes flakes of them, new ones too, and from no other", () => {
  const records = ["steps/steps.jsonl", "steps/more/x.JSONL", "new.jsonl"];
  expect(refused("steps", [...records, "steps/step.nix", "jsonl"])).toEqual(records);
  expect(refused("lattice", records)).toEqual([]);
});
