import { describe, expect, test } from "vitest";
import { exampleWith, exampleWithout } from "../../fixtures/example.ts";
import { findings } from "../context.ts";

describe("meta/missing-block", () => {
  test("has a fix when an H1 says what the document is", () => {
    expect(findings("meta/missing-block", exampleWithout("```toml crq", "## 1. Overview"))).toEqual([
      "1:1 error there is no `toml crq` block under the H1 *",
    ]);
  });

  test("front matter is left to the importer", () => {
    const source = `---\nid: x\n---\n${exampleWithout("```toml crq", "## 1. Overview")}`;
    expect(findings("meta/missing-block", source)).toEqual([
      "1:1 error YAML front matter instead of a `toml crq` block; `crq-agent import` turns such a document into a CRQ",
    ]);
  });
});

test("meta/status and meta/unknown-key carry fixes", () => {
  expect(findings("meta/status", exampleWith(['status = "proposed"', 'status = "propsed"']))).toEqual([
    '7:1 error `status`: "propsed" is no state; did you mean `proposed`? allowed: draft, proposed, approved, rejected, deferred, withdrawn, superseded, closed *',
  ]);
  expect(findings("meta/unknown-key", exampleWith(["created = ", "craeted = "]))[0]).toMatch(
    /^9:1 error unknown key `craeted`; did you mean `created`\? .* \*$/,
  );
  expect(findings("meta/unknown-key", exampleWith(["created = ", "priority = 1\ncreated = "]))[0]).toMatch(
    /^9:1 error unknown key `priority`; allowed: .*[^*]$/,
  );
});

test("meta/author-form", () => {
  const source = exampleWith([
    'authors = ["agent:crq-agent@0.1.0/rules"]',
    'authors = ["Ada", "human:Ada", "agent:x@1/y", "agent:x", "human:"]',
  ]);
  expect(findings("meta/author-form", source)).toEqual([
    '10:1 error author "Ada" is neither `human:NAME` nor `agent:TOOL@VERSION/MODEL`',
    '10:1 error author "agent:x" is neither `human:NAME` nor `agent:TOOL@VERSION/MODEL`',
    '10:1 error author "human:" is neither `human:NAME` nor `agent:TOOL@VERSION/MODEL`',
  ]);
});
