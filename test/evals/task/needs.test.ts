import { expect, it } from "vitest";
import { whyLacking } from "../../../src/evals/task/needs.ts";

const provides = ["nixpkgs", "crane", "rust", "go", "nodejs"];
const lent = { rustc: "1.85.1", cargo: "1.85.1", node: "20.20.2" };

it.each<[needs: string[], why: string | undefined]>([
  [[], undefined],
  [["nixpkgs", "crane", "rust"], undefined],
  [["rust>=1.85"], undefined],
  [["rust>=1.85.1"], undefined],
  [["rust>=1.88", "crane"], "rust 1.88 or newer is needed; this machine lends the world rustc 1.85.1"],
  [["rust>=1.100"], "rust 1.100 or newer is needed; this machine lends the world rustc 1.85.1"],
  // The world has stand-ins for both; this machine has neither Go nor, beside its node, an npm.
  [["go"], "this machine lends the world no go"],
  [["nodejs"], "this machine lends the world no npm"],
  [["naersk", "go>=1.20"], "the world does not provide naersk; this machine lends the world no go"],
  [["constructor"], "the world does not provide constructor"],
])("of %j lacks %s", (needs, why) => expect(whyLacking(needs, { provides, lent })).toBe(why));

it("knows nothing of a machine's own network", () => {
  expect(whyLacking(["rust>=9.0", "anything"], { provides: undefined, lent })).toBeUndefined();
});
