import { describe, expect, it } from "vitest";
import { approve } from "../../../src/crq/lifecycle/transitions.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { addWaivers, adoptWaivers } from "../../../src/crq/write/waivers.ts";
import { crqText } from "../../program/samples.ts";

const PROPOSED = `[[waiver]]
weakening = "test ignored:tests/net.rs"  # as the wish says
reason = "you may skip the network test"
by = "agent:crq-agent@0.1.0/m"
until = 2999-12-31
`;
const GIVEN = { weakening: "test skipped:flake.nix", reason: 'it "fetches"', by: "human:Pat", until: "2999-01-01" };
const crq = (metadata = "") => parseCrq("crqs/CRQ-001-x.md", crqText({ metadata }));
const sourceOf = (written: ReturnType<typeof addWaivers>): string => ("source" in written ? written.source : written.problem);

describe("waivers in the metadata block", () => {
  it("are added at its end, and nothing else changes", () => {
    const before = crq(PROPOSED);
    const after = sourceOf(addWaivers(before, [GIVEN]));
    expect(after).toBe(
      before.source.replace(
        "until = 2999-12-31\n",
        `until = 2999-12-31\n[[waiver]]\nweakening = "test skipped:flake.nix"\nreason = 'it "fetches"'\nby = "human:Pat"\nuntil = 2999-01-01\n`,
      ),
    );
  });

  it("become a person's where an agent proposed them; a person's own stay, and a comment stays", () => {
    const theirs = PROPOSED.replace("agent:crq-agent@0.1.0/m", "human:Ada");
    const before = crq(PROPOSED + theirs);
    const after = sourceOf(adoptWaivers(before, "human:Pat"));
    expect(after).toBe(before.source.replace('by = "agent:crq-agent@0.1.0/m"', 'by = "human:Pat"'));
  });

  it("are left alone in a form that cannot be edited line by line", () => {
    const inline = crq('waiver = [{ weakening = "stub builder", reason = "x", by = "agent:m", until = 2999-12-31 }]\n');
    expect(inline.metadata?.waivers).toHaveLength(1);
    expect(addWaivers(inline, [GIVEN])).toEqual({ problem: expect.stringContaining("set the `[[waiver]]` entries by hand") });
  });
});

describe("an approval", () => {
  const at = "2026-01-01T00:00:00Z";
  const waiversAfter = (by: string, via: "approve" | "yes-flag") =>
    parseCrq("x", sourceOf(approve(crq(PROPOSED), { by, at, via }))).metadata?.waivers.map((waiver) => waiver.by);

  it("by a person makes the proposed waivers theirs", () => {
    expect(waiversAfter("human:Pat", "approve")).toEqual(["human:Pat"]);
  });

  it("by --yes, which nobody has read for, leaves them proposals", () => {
    expect(waiversAfter("unattended", "yes-flag")).toEqual(["agent:crq-agent@0.1.0/m"]);
  });
});
