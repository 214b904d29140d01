import { describe, expect, it } from "vitest";
import type { FlakeLock } from "../../../src/nix/lock.ts";
import type { FlakeInputs } from "../../../src/nix/nix.ts";
import { judgeInputs } from "../../../src/nix/policy/judge-inputs.ts";
import type { LatticePlace } from "../../../src/nix/policy/lattice-place.ts";
import { type InputPolicy, inputPolicySchema } from "../../../src/nix/policy/policy.ts";

/** Which local paths a policy with `local = "lattice"` allows: edges of one lattice, and nothing else. */

const OFF: InputPolicy = inputPolicySchema.parse({ org: "acme", ref: "^main$" });
const ON: InputPolicy = inputPolicySchema.parse({ org: "acme", ref: "^main$", local: "lattice" });
const PLACE: LatticePlace = {
  folder: "lat/nodes/top",
  nodes: new Set(["lat", "lat/config", "lat/nodes/top", "lat/generated/low"]),
};
const flake = (url: string): FlakeInputs => ({
  inputs: [{ name: "low", url, overrides: {} }],
  outputArguments: {},
  nixConfig: {},
});
const rules = (url: string, policy: InputPolicy, lattice?: LatticePlace, lock?: FlakeLock): readonly string[] =>
  judgeInputs({ policy, inputs: flake(url), today: "2026-11-27", ...(lattice && { lattice }), ...(lock && { lock }) }).map(
    ({ rule }) => rule,
  );

describe("a local input", () => {
  it("is allowed from node to node, by a relative path, where the policy says so", () => {
    for (const url of [
      "path:../../generated/low",
      "path:../../config",
      "path:../../",
      "../../config",
      "path:../../generated/low/",
    ])
      expect([url, rules(url, ON, PLACE), rules(url, OFF, PLACE), rules(url, ON)]).toEqual([url, [], ["local"], ["local"]]);
  });

  it.each([
    "path:../../../elsewhere",
    "path:../../../../lat/config",
    "path:../other",
    "path:.",
    "path:./",
    "path:../top",
    "path:/lat/config",
    "path:lat/config",
    "path:../../config?dir=../../secret",
    "path:../../config?rev=0000000000000000000000000000000000000000",
    "git+file:../../config",
    "~/lat/config",
    "path:../../config/%2e%2e/%2e%2e/out",
  ])("is refused for %s", (url) => {
    expect(rules(url, ON, PLACE)).toEqual(["local"]);
  });

  it("may lead from a flake outside, the project's own, to one of the lattice, and nowhere else", () => {
    const outside = { folder: ".", nodes: PLACE.nodes };
    expect([
      rules("path:./lat", ON, outside),
      rules("path:./lat/config", ON, outside),
      rules("path:./lat", OFF, outside),
    ]).toEqual([[], [], ["local"]]);
    for (const url of ["path:./config", "path:./src", "path:.", "path:../lat", "path:./lat/../secret"])
      expect([url, rules(url, ON, outside)]).toEqual([url, ["local"]]);
  });

  it("names the setting as the next move", () => {
    const [finding] = judgeInputs({ policy: OFF, inputs: flake("path:../../config"), today: "2026-11-27", lattice: PLACE });
    expect(finding).toMatchObject({ rule: "local", next: expect.stringMatching(/local = "lattice" below \[policy\.inputs\]/u) });
  });

  it("must be locked as the path that it is", () => {
    const lock = (path: string, parent: readonly string[] | undefined): FlakeLock => ({
      version: 7,
      root: "root",
      nodes: {
        low: { locked: { type: "path", path }, original: { type: "path", path: "../../config" }, ...(parent && { parent }) },
        root: { inputs: { low: "low" } },
      },
    });
    const url = "path:../../config";
    expect(rules(url, ON, PLACE, lock("../../config", []))).toEqual([]);
    expect(rules(url, ON, PLACE, lock("/etc", []))).toEqual(["lock-owner"]);
    expect(rules(url, ON, PLACE, lock("../../config", undefined))).toEqual(["lock-owner"]);
  });
});
