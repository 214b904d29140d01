import { describe, expect, test } from "vitest";
import { approve } from "../../../../src/crq/lifecycle/transitions.ts";
import { parseCrq } from "../../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH } from "../../fixtures/example.ts";
import { CONTEXT, findings } from "../context.ts";

const approved = (via: "approve" | "yes-flag" = "approve") => {
  const written = approve(parseCrq(EXAMPLE_PATH, EXAMPLE), {
    by: via === "approve" ? "human:Ada" : "unattended",
    at: "2026-11-21T09:00:00Z",
    via,
  });
  if ("problem" in written) throw new Error(written.problem);
  return written.source;
};

test("a sound approval has no findings", () => {
  const rules = ["approval-outdated", "open-question", "approval-by-agent", "unattended-approval", "closed-without-evidence"];
  expect(rules.flatMap((rule) => findings(`lifecycle/${rule}`, approved()))).toEqual([]);
});

test("lifecycle/approval-outdated", () => {
  expect(findings("lifecycle/approval-outdated", approved().replace("min-inputs = 3", "min-inputs = 1"))).toEqual([
    expect.stringMatching(
      /^13:1 error Scope or Acceptance Criteria changed since the approval \(they hash to sha256:[0-9a-f]{64}\); approve it again$/,
    ),
  ]);
});

describe("lifecycle/open-question", () => {
  const question = "## 9. Open Questions\n-   **Q-1**: Which?\n## 11.";

  test("only from approved on", () => {
    expect(findings("lifecycle/open-question", approved().replace("## 11.", question))).toEqual([
      "81:1 error Q-1 is not answered, and the CRQ is approved",
    ]);
    expect(findings("lifecycle/open-question", `${EXAMPLE}${question} History\n-   x\n`)).toEqual([]);
  });

  test("more than three clarifications", () => {
    const items = ["2026-11-20: a? Yes.", "2026-11-20: b? No.", "Assumed: c?", "2026-11-20: d? Yes.", "2026-11-20: e? Yes."];
    const source = `${EXAMPLE}## 10. Clarifications\n${items.map((item) => `-   ${item}\n`).join("")}`;
    expect(findings("lifecycle/open-question", source)).toEqual([
      "84:1 error 4 clarifications; at most 3 are asked, the rest is assumed and said so",
    ]);
  });
});

test("lifecycle/approval-by-agent is an error everywhere", () => {
  const source = approved().replace('by = "human:Ada"', 'by = "agent:x@1/y"');
  for (const profile of ["import", "standard", "strict"] as const) {
    expect(findings("lifecycle/approval-by-agent", source, profile)).toEqual([
      "13:1 error approved by `agent:x@1/y`; only a person can approve",
    ]);
  }
});

test("lifecycle/unattended-approval", () => {
  expect(findings("lifecycle/unattended-approval", approved("yes-flag"))).toEqual([
    "13:1 warning approved by `--yes`: nobody was asked",
  ]);
});

test("lifecycle/closed-without-evidence", () => {
  const closed = approved().replace('status = "approved"', 'status = "closed"');
  expect(findings("lifecycle/closed-without-evidence", closed)).toEqual(["7:1 error closed without `evidence`"]);
  const withReport = closed.replace(
    "\napproval =",
    '\nevidence = { report = "crqs/reports/CRQ-001/report.json", sha256 = "a", tree = "b" }\napproval =',
  );
  const state = (answer: "ok" | "altered") =>
    findings("lifecycle/closed-without-evidence", withReport, "strict", { ...CONTEXT, evidence: () => answer });
  expect(state("ok")).toEqual([]);
  expect(state("altered")).toEqual(["13:1 error `crqs/reports/CRQ-001/report.json` has another hash than recorded"]);
});
