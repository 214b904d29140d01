import { expect, it } from "vitest";
import { parseCrq } from "../../../../src/crq/parse.ts";
import { criteriaAsked } from "../../../../src/jobs/work/acceptance/criteria-asked.ts";
import { crqText } from "../../../program/samples.ts";

const crq = parseCrq("crqs/CRQ-001.md", crqText());

it("is all of them where none is named, and a problem where one is that the request does not have", () => {
  expect(criteriaAsked(crq, undefined)).toEqual({ only: undefined });
  expect(criteriaAsked(crq, [])).toEqual({ only: undefined });
  expect(criteriaAsked(crq, ["AC-1"])).toEqual({ only: ["AC-1"] });
  expect(criteriaAsked(crq, ["AC-1", "AC-7", "welcome"])).toEqual({
    problem: `There is no criterion AC-7, welcome. The request has ${crq.criteria.map(({ id }) => id).join(", ")}; leave \`only\` out for all.`,
  });
});
