import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeProblem } from "../../src/system/node-version.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

it("says which Node is too old, and agrees with what npm is told", () => {
  expect(["22.17.1", "22.18.0", "24.0.0", "20.20.2"].map((version) => nodeProblem(version) === undefined)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  const { engines }: { engines?: unknown } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8"));
  expect(engines).toEqual({ node: `>=${/22\.18/.exec(nodeProblem("20.20.2") ?? "")?.[0]}` });
});
