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

  it.each([
    ["requirement.flakes", "series", "requirement.interception", "exit", "series-and-exit"],
    ["requirement.generated-files", "uncommitted", "requirement.cargo-nix", "committed", "generated-file"],
    ["requirement.impure", "forbidden", "command:nix build --impure .#x", "nix build --impure .#x", "impure"],
    ["rule.input-hosts", "github", "inputs.x.url", "gitlab:acme/x", "other-host"],
    ["rust.version", "1.75", "rust.toolchain", "1.70.0", "old-toolchain"],
    ["rust.edition", "2024", "rust.toolchain", "1.80", "edition-too-new"],
  ])("are %s = %s and %s = %s", (firstKey, first, secondKey, second, about) => {
    const [a, b] = [fact("a.md", firstKey, first), fact("b.md", secondKey, second)];
    expect(contradictions([b, a])).toEqual([{ key: secondKey, sides: [a, b], about }]);
  });

  it.each([
    ["rust.version", "1.70", "rust.toolchain", "1.80"],
    ["rust.edition", "2021", "rust.toolchain", "1.56"],
    ["requirement.impure", "forbidden", "command:nix build .#x", "nix build .#x"],
    ["rule.input-hosts", "github", "inputs.x.url", "github:acme/x"],
  ])("are not %s = %s and %s = %s", (firstKey, first, secondKey, second) => {
    expect(contradictions([fact("a.md", firstKey, first), fact("b.md", secondKey, second)])).toEqual([]);
  });

  it("are no releases that are the same, and one question for an input that two rules and the policy refuse", () => {
    expect(contradictions([fact("a.md", "rust.version", "1.70"), fact("b.md", "rust.version", "1.70.0")])).toEqual([]);
    const policy = { fact: fact("crq-agent.toml", "policy.inputs.org", "acme"), refuses: () => true };
    const [local, hosts] = [fact("a.md", "rule.local-inputs", "forbidden"), fact("a.md", "rule.input-hosts", "github")];
    const input = fact("b.md", "inputs.x.url", "./x");
    expect(contradictions([local, hosts, input], { policy })).toEqual([
      { key: "inputs.x.url", sides: [local, input], about: "local-input" },
    ]);
    expect(contradictions([input], { policy })).toEqual([{ key: "inputs.x.url", sides: [policy.fact, input], about: "policy" }]);
  });
});
