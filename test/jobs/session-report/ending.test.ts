import { expect, it } from "vitest";
import type { Outcome } from "../../../src/agent/outcome.ts";
import { endingOf } from "../../../src/jobs/session-report/sections/ending.ts";

const commands = (verb: string, outcome: Outcome | undefined, crq?: string) =>
  endingOf({ id: "S", verb, outcome, running: false, crq, handOver: undefined }).next.flatMap(({ command }) => command ?? []);

const limit: Outcome = { kind: "limit", limit: "turns", detail: "all used" };
const question: Outcome = { kind: "question", detail: "May it be tracked?" };
const failed: Outcome = { kind: "provider", detail: "503" };

it("names only what can be done: a change goes on where it was, every other verb begins again", () => {
  expect(commands("apply", undefined, "CRQ-001")).toEqual(["crq-agent sessions resume S"]);
  expect(commands("draft", undefined)).toEqual(['crq-agent draft "…"']);
  expect(commands("apply", limit, "CRQ-001")).toEqual(["crq-agent sessions resume S --max-turns N"]);
  expect(commands("repair", limit)).toEqual(["crq-agent repair --max-turns N"]);
  expect(commands("apply", question, "CRQ-001")).toEqual(["crq-agent sessions take S"]);
  expect(commands("repair", question)).toEqual(["crq-agent repair"]);
  expect(commands("draft", failed)).toEqual(['crq-agent draft "…"', 'crq-agent draft "…" --model PROVIDER:NAME']);
  expect(commands("verify", { kind: "unmet", detail: "AC-1" }, "CRQ-001")).toEqual(["crq-agent verify CRQ-001"]);
});
