import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { type TrialIdentity, trialKey } from "../../../../src/evals/run/identity/key.ts";

const IDENTITY: TrialIdentity = {
  schema: "crq-trial/1",
  taskHash: "0a",
  suiteSchema: 1,
  agentBuild: "0b",
  promptsHash: "0c",
  toolsHash: "0d",
  model: { alias: "a", provider: "openai", name: "openai:x", params: { effort: "high", deep: { b: 1, a: 2 } } },
  world: { name: "shipped", hash: "0e", mode: "replay" },
  toolchain: "0f",
  nix: "2.26.3",
  isolation: "bwrap",
  store: "trial",
  limits: { turns: 60, "output-tokens": 120_000, usd: 2, "wall-s": 1_800, builds: 25 },
  resources: { cpus: 1, "mem-mb": 1_024, "kill-mem-mb": 3_072, "disk-mb": 2_048 },
  repeat: 1,
};

describe("the key of a trial", () => {
  it("is one of 64 hex digits that does not depend on the order of fields", () => {
    const turned = Object.fromEntries(Object.entries(IDENTITY).reverse());
    const key = trialKey(IDENTITY);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(trialKey({ ...IDENTITY, ...turned })).toBe(key);
    expect(trialKey({ ...IDENTITY, model: { ...IDENTITY.model, params: { deep: { a: 2, b: 1 }, effort: "high" } } })).toBe(key);
  });

  it("is another one for whatever could change what the trial does", () => {
    const changed: readonly TrialIdentity[] = [
      { ...IDENTITY, taskHash: "1a" },
      { ...IDENTITY, suiteSchema: 2 },
      { ...IDENTITY, agentBuild: "1b" },
      { ...IDENTITY, promptsHash: "1c" },
      { ...IDENTITY, toolsHash: "1d" },
      { ...IDENTITY, model: { ...IDENTITY.model, alias: "b" } },
      { ...IDENTITY, model: { ...IDENTITY.model, name: "openai:y" } },
      { ...IDENTITY, model: { ...IDENTITY.model, params: {} } },
      { ...IDENTITY, world: { ...IDENTITY.world, mode: "live" } },
      { ...IDENTITY, toolchain: "1f" },
      { ...IDENTITY, nix: "2.34.0" },
      { ...IDENTITY, isolation: "none" },
      { ...IDENTITY, limits: { ...IDENTITY.limits, turns: 61 } },
      { ...IDENTITY, resources: { ...IDENTITY.resources, cpus: 2 } },
      { ...IDENTITY, repeat: 2 },
    ];
    expect(new Set([IDENTITY, ...changed].map(trialKey)).size).toBe(changed.length + 1);
  });

  /** RFC 8785, 3.2.2 (literals, strings, numbers) and 3.2.3 (sorting by UTF-16 units). */
  it("is made of the canonical JSON of RFC 8785", () => {
    expect(
      canonicalize({
        numbers: [JSON.parse("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(
      canonicalize({
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
      }),
    ).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });
});
