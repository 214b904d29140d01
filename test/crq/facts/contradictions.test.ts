import { describe, expect, it } from "vitest";
import { contradictions } from "../../../src/crq/facts/contradictions.ts";
import type { DocumentFact } from "../../../src/repo/facts.ts";

let count = 0;
const fact = (source: string, key: string, value: string): DocumentFact => {
  count += 1;
  return { id: `F-${count}`, claim: "", source, line: 1, sha256: "", quote: "", key, value };
};

describe("contradictions", () => {
  it("are equal keys with different values", () => {
    const a = fact("a.md", "inputs.nixpkgs.url", "github:x/nixpkgs");
    const same = fact("b.md", "inputs.nixpkgs.url", "github:x/nixpkgs");
    const other = fact("c.md", "inputs.nixpkgs.url", "github:y/nixpkgs");
    expect(contradictions([a, same, other])).toEqual([{ key: "inputs.nixpkgs.url", sides: [a, other], about: "value" }]);
  });

  it("are local inputs where documents forbid them", () => {
    const rule = fact("a.md", "rule.local-inputs", "forbidden");
    const local = fact("b.md", "inputs.config.url", "./generated");
    const remote = fact("b.md", "inputs.other.url", "github:x/other");
    expect(contradictions([local, remote])).toEqual([]);
    expect(contradictions([local, remote, rule])).toEqual([
      { key: "inputs.config.url", sides: [rule, local], about: "local-input" },
    ]);
  });

  it("are not lists that documents tell in parts", () => {
    expect(contradictions([fact("a.md", "systems", "x86_64-linux"), fact("b.md", "systems", "aarch64-linux")])).toEqual([]);
  });
});
