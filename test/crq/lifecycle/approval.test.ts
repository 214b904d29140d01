import { describe, expect, test } from "vitest";
import { approvalHash, approvalState } from "../../../src/crq/lifecycle/approval.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../fixtures/example.ts";

const PUBLISHED = "sha256:20a4f6bb9df1b95c6a9c447af3799fd688a263e870708b572ae09d211cb071af";
const hash = (source: string) => approvalHash(parseCrq(EXAMPLE_PATH, source));
const approvedBy = (by: string, via: string, value = PUBLISHED) =>
  exampleWith([
    'branch = "feature/CRQ-001-nixify-greet"',
    `branch = "feature/CRQ-001-nixify-greet"\napproval = { by = "${by}", at = 2026-11-21T09:00:00Z, via = "${via}", hash = "${value}" }`,
  ]);

describe("approvalHash", () => {
  test("the example gives the published test vector", () => {
    expect(hash(EXAMPLE)).toBe(PUBLISHED);
  });

  test.each([
    ["a byte order mark", `\uFEFF${EXAMPLE}`],
    ["CRLF line endings", EXAMPLE.replaceAll("\n", "\r\n")],
    ["trailing blanks", EXAMPLE.replaceAll("\n", " \t\n").replaceAll("``` \t\n", "```\n")],
    ["blank lines after a heading and between items", exampleWith(["## 3. Scope\n", "## 3. Scope\n\n\n"])],
    ["another motivation", exampleWith(["Every machine should build", "All machines should build"])],
    ["another plan", exampleWith(["**Document it**", "**Write it down**"])],
  ])("does not change with %s", (_, source) => {
    expect(hash(source)).toBe(PUBLISHED);
  });

  test.each([
    ["a word of the scope", exampleWith(["a development shell, a section", "a shell, a section"])],
    ["a word of a criterion", exampleWith(["prints its version.", "prints something."])],
    ["a parameter of a check", exampleWith(["min-inputs = 3", "min-inputs = 1"])],
    ["the indentation of a check", exampleWith(["    min-inputs = 3", "     min-inputs = 3"])],
  ])("changes with %s", (_, source) => {
    expect(hash(source)).not.toBe(PUBLISHED);
  });

  test("a second section of the same name adds nothing to what was approved", () => {
    expect(hash(`${EXAMPLE}## 5. Acceptance Criteria\n-   **AC-9**: nothing.\n`)).toBe(PUBLISHED);
  });

  test("there is none without both sections", () => {
    expect(hash(exampleWith(["## 3. Scope", "## 3. Reach"]))).toBeUndefined();
  });
});

describe("approvalState", () => {
  const state = (source: string) => approvalState(parseCrq(EXAMPLE_PATH, source));

  test("no approval", () => {
    expect(state(EXAMPLE)).toEqual({ state: "none" });
  });

  test("a person's approval with the current hash is valid", () => {
    expect(state(approvedBy("human:Ada", "approve"))).toEqual({ state: "valid", hash: PUBLISHED });
  });

  test("unattended is valid only by the flag", () => {
    expect(state(approvedBy("unattended", "yes-flag"))).toEqual({ state: "valid", hash: PUBLISHED });
    expect(state(approvedBy("unattended", "approve"))).toEqual({ state: "by-agent", by: "unattended" });
  });

  test("an agent is never the approver", () => {
    expect(state(approvedBy("agent:crq-agent@0.1.0/rules", "approve"))).toEqual({
      state: "by-agent",
      by: "agent:crq-agent@0.1.0/rules",
    });
  });

  test("a changed criterion voids it", () => {
    const old = `sha256:${"0".repeat(64)}`;
    expect(state(approvedBy("human:Ada", "prompt", old))).toEqual({ state: "void", recorded: old, now: PUBLISHED });
  });
});
