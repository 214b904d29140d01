import { describe, expect, test } from "vitest";
import { approvalState } from "../../../src/crq/lifecycle/approval.ts";
import {
  approvalHindrances,
  approve,
  backToProposed,
  mayFollow,
  proposalHindrances,
  propose,
} from "../../../src/crq/lifecycle/transitions.ts";
import { STATUSES } from "../../../src/crq/model.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../fixtures/example.ts";

const crq = (source: string) => parseCrq(EXAMPLE_PATH, source);
const messages = (source: string) =>
  approvalHindrances(crq(source)).map(({ kind, message, place }) => `${place.line} ${kind} ${message}`);
const ADA = { by: "human:Ada", at: "2026-11-21T09:00:00Z", via: "approve" } as const;

describe("approvalHindrances", () => {
  test("the example can be approved", () => {
    expect(approvalHindrances(crq(EXAMPLE))).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    [
      "an open question",
      `${EXAMPLE}## 9. Open Questions\n-   **Q-1**: Which?\n-   **Q-2**: Why?\n    Answer: so.\n`,
      ["80 question Q-1 is not answered; write a line `Answer: …` in its item"],
    ],
    [
      "a suggested check",
      exampleWith(["    min-inputs = 3", "    min-inputs = 3\n    suggested = true"]),
      ["47 criterion AC-3 has a check that is only suggested; read it and remove `suggested`"],
    ],
    [
      "a criterion without a block",
      exampleWith(['    ```toml check AC-3\n    kind = "flake-inputs"\n    min-inputs = 3\n    ```\n', ""]),
      ["47 criterion AC-3 has no check that could be run"],
    ],
    [
      "a block that is wrong",
      exampleWith(["min-inputs = 3", 'min-inputs = "3"']),
      [
        '50 form acceptance/invalid-block: kind "flake-inputs": `min-inputs`: expected number, received string',
        "47 criterion AC-3 has no check that could be run",
      ],
    ],
    [
      "a draft",
      exampleWith(['"proposed"', '"draft"']),
      ['1 status a CRQ with status "draft" cannot be approved; it must be "proposed"'],
    ],
    ["no scope", exampleWith(["## 3. Scope", "## 3. Reach"]), ["1 form Scope or Acceptance Criteria is missing"]],
  ])("%s", (_, source, expected) => {
    expect(messages(source)).toEqual(expected);
  });

  test("a withdrawn criterion needs no check", () => {
    expect(messages(exampleWith(["-   **AC-3**: Every", "-   **AC-3** (withdrawn 2026-11-21: not needed): Every"]))).toEqual([]);
  });
});

describe("approve", () => {
  test("writes status, approval and history, and the approval is valid", () => {
    const written = approve(crq(EXAMPLE), ADA);
    if ("problem" in written) throw new Error(written.problem);
    const after = crq(written.source);
    expect(approvalState(after)).toEqual({
      state: "valid",
      hash: "sha256:20a4f6bb9df1b95c6a9c447af3799fd688a263e870708b572ae09d211cb071af",
    });
    expect(after.metadata).toEqual({
      ...crq(EXAMPLE).metadata,
      status: "approved",
      approval: { ...ADA, hash: "sha256:20a4f6bb9df1b95c6a9c447af3799fd688a263e870708b572ae09d211cb071af" },
    });
    expect(written.source.endsWith("## 11. History\n-   2026-11-21: approved by human:Ada (approve)\n")).toBe(true);
  });

  test("an agent cannot, and unattended only by --yes", () => {
    expect(approve(crq(EXAMPLE), { ...ADA, by: "agent:x@1/rules" })).toEqual({
      problem: `${EXAMPLE_PATH}: \`agent:x@1/rules\` cannot approve by "approve"; only a person can`,
    });
    expect("source" in approve(crq(EXAMPLE), { ...ADA, by: "unattended", via: "yes-flag" })).toBe(true);
    expect("source" in approve(crq(EXAMPLE), { ...ADA, by: "unattended", via: "prompt" })).toBe(false);
  });

  test("not with an open question, also with --yes", () => {
    const source = `${EXAMPLE}## 9. Open Questions\n-   **Q-1**: Which?\n`;
    expect(approve(crq(source), { ...ADA, by: "unattended", via: "yes-flag" })).toEqual({
      problem: `${EXAMPLE_PATH}:80: Q-1 is not answered; write a line \`Answer: …\` in its item`,
    });
  });
});

test("propose sets status and a missing branch; proposalHindrances name what is missing", () => {
  const draft = exampleWith(['"proposed"', '"draft"'], ['branch = "feature/CRQ-001-nixify-greet"\n', ""]);
  expect(propose(crq(draft), "feature/CRQ-001-nixify-greet")).toEqual({ source: EXAMPLE });
  const unnumbered = exampleWith(
    ['id = "CRQ-001"', 'id = "CRQ-XXX"'],
    ['branch = "feature/CRQ-001-nixify-greet"\n', ""],
    ['"proposed"', '"draft"'],
  );
  const error = { severity: "error", rule: "a/b", message: "m", file: EXAMPLE_PATH, line: 2, column: 3 } as const;
  expect(proposalHindrances(crq(unnumbered), [error, { ...error, severity: "warning" }])).toEqual([
    { kind: "form", message: "a/b: m", place: { line: 2, column: 3 } },
    {
      kind: "number",
      message: "CRQ-XXX: allocate a number with `crq-agent index --renumber FILE`",
      place: { line: 1, column: 1 },
    },
    { kind: "branch", message: "`branch` is not set", place: { line: 1, column: 1 } },
  ]);
});

test("backToProposed writes the question, drops the approval and says why", () => {
  const approved = approve(crq(EXAMPLE), ADA);
  if ("problem" in approved) throw new Error(approved.problem);
  const back = backToProposed(crq(approved.source), "2026-11-22", "AC-3 is wrong");
  expect(back).toEqual({
    id: "Q-1",
    source: `${EXAMPLE}## 9. Open Questions\n-   **Q-1**: AC-3 is wrong\n## 11. History\n-   2026-11-21: approved by human:Ada (approve)\n-   2026-11-22: back to proposed: Q-1 is open\n`,
  });
});

test("mayFollow: only the changes of the format's table", () => {
  const allowed = STATUSES.flatMap((from) =>
    STATUSES.filter((to) => from !== to && mayFollow(from, to)).map((to) => `${from} → ${to}`),
  );
  const onlyToEnd = allowed.filter((change) => !/→ (withdrawn|superseded)$/.test(change));
  expect(onlyToEnd).toEqual([
    "draft → proposed",
    "proposed → approved",
    "proposed → rejected",
    "proposed → deferred",
    "approved → proposed",
    "approved → closed",
    "deferred → proposed",
  ]);
  expect(STATUSES.filter((from) => from !== "withdrawn" && !mayFollow(from, "withdrawn"))).toEqual([]);
});
