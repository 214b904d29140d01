import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactEvidence, secretsOf } from "../../src/system/redact.ts";

describe("secretsOf", () => {
  it("takes the values whose names say so, and none that are words", () => {
    expect(
      secretsOf({
        OPENAI_API_KEY: " sk-abc-0123 ",
        GH_TOKEN: "ghp_abcdefgh",
        HOME: "/home/secret-user",
        MY_KEY: "short",
        EMPTY_KEY: undefined,
      }),
    ).toEqual(["sk-abc-0123", "ghp_abcdefgh"]);
  });
});

describe("redact", () => {
  it.each([
    ["Incorrect API key provided: sk-proj-abc***wxyz. See", "Incorrect API key provided: [key removed]. See"],
    ["Authorization: Bearer abcdefgh12345", "Authorization: Bearer [key removed]"],
    ['{"x-api-key": "abcdefgh12345"}', '{"x-api-key": "[key removed]"}'],
    ["key AIzaSyA1234567890abc is bad", "key [key removed] is bad"],
    ["gsk_abcdefghijk and xai-abcdefghijk", "[key removed] and [key removed]"],
    ["the model said hello, 429 rate limit", "the model said hello, 429 rate limit"],
  ])("%s", (text, expected) => {
    expect(redact(text, [])).toBe(expected);
  });

  it("leaves nothing of any known secret, also when one holds another", () => {
    const secret = fc.string({ minLength: 8, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), fc.string(), fc.string(), (secrets, before, after) => {
        const text = redact(before + secrets.join(after) + after, secrets);
        const removed = text.replaceAll("[key removed]", "\u0000");
        for (const one of secrets) expect(removed).not.toContain(one);
      }),
    );
    expect(redact("abcdefgh12345678", ["abcdefgh", "abcdefgh12345678"])).toBe("[key removed]");
  });
});

describe("redactEvidence", () => {
  it.each([
    ["the value of a key variable", "it printed hunter2hunter2", "it printed [key removed]"],
    ["a GitHub token", `token ghp_${"a1B2".repeat(9)} ok`, "token [key removed] ok"],
    ["an AWS key id", "AKIAABCDEFGHIJKLMNOP", "[key removed]"],
    ["a model provider's key", "sk-proj-abcdefghijklmnopqrstuvwx0123", "[key removed]"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nend", "[key removed]\nend"],
    ["a private key that is cut off", "-----BEGIN PRIVATE KEY-----\nabc", "[key removed]"],
  ])("takes out %s", (_, text, expected) => {
    expect(redactEvidence(text, ["hunter2hunter2"])).toBe(expected);
  });

  it("reads a long text once, whatever it holds", () => {
    const text = "sk-".repeat(300_000);
    expect(redactEvidence(text, [])).toBe(text);
  });

  it.each(["hf-hub-0.3.2 and pk-config_helper", "api_key = read_config()", "sk-learn-1.2.3", "Bearer of bad news"])(
    "leaves %j, which only looks like a key",
    (text) => {
      expect(redactEvidence(text, [])).toBe(text);
    },
  );
});
