import { describe, expect, it } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import { unfoundedWaivers } from "../../../src/jobs/work/draft/proposed-waivers.ts";
import { crqText } from "../../program/samples.ts";

const AUTHOR = "agent:crq-agent@0.1.0/m";
const TASK = "Nixify this project;\n  the test of tests/net.rs may be skipped, it needs the network.";

const judge = (waiver: { readonly weakening?: string; readonly ac?: string; readonly reason?: string; readonly by?: string }) => {
  const { weakening, ac, reason = "the test of tests/net.rs may be skipped", by = AUTHOR } = waiver;
  const subject = ac === undefined ? `weakening = "${weakening ?? "test ignored:tests/net.rs"}"` : `ac = "${ac}"`;
  const metadata = `[[waiver]]\n${subject}\nreason = "${reason}"\nby = "${by}"\nuntil = 2999-12-31\n`;
  return unfoundedWaivers(parseCrq("x.md", crqText({ metadata })), AUTHOR, TASK).map(
    ({ rule, message }) => `${rule}: ${message}`,
  );
};

describe("a waiver in a draft", () => {
  it("is taken as a proposal in the person's own words, of one weakening", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ weakening: "test skipped" })).toEqual([]);
    expect(judge({ reason: "Nixify this project; the test of tests/net.rs may be skipped" })).toEqual([]);
  });

  it.each([
    ["a person's name", { by: "human:Pat Person" }, /only a person can waive; a draft proposes it with by = "agent:/u],
    ["another agent's name", { by: "agent:other" }, /only a person can waive/u],
    ["a reason that the wish does not say", { reason: "tests need the network" }, /word for word/u],
    ["a reason of one word", { reason: "project" }, /word for word/u],
    ["a criterion", { ac: "AC-1" }, /a draft proposes a waiver of a weakening/u],
    ["a pattern that is none", { weakening: "everything" }, /a draft proposes a waiver of a weakening/u],
  ])("is an error with %s", (_, waiver, message) => {
    expect(judge(waiver)).toEqual([expect.stringMatching(message)]);
  });
});
