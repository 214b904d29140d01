import { expect, test } from "vitest";
import { entryOf } from "../../../src/crq/catalogue/catalogue.ts";
import { supersede } from "../../../src/crq/lifecycle/supersede.ts";
import type { Crq } from "../../../src/crq/model.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { EXAMPLE } from "../fixtures/example.ts";

const GIVEN = { date: "2026-11-22", by: "human:Ada" };

const crq = (number: number, keys = "", status = "proposed"): Crq =>
  parseCrq(
    `crqs/CRQ-00${number}-x.md`,
    EXAMPLE.replaceAll("CRQ-001", `CRQ-00${number}`)
      .replace('status = "proposed"', `status = "${status}"`)
      .replace(/^(target = .*)$/mu, `$1${keys === "" ? "" : `\n${keys}`}`),
  );
const entries = (...crqs: readonly Crq[]) => crqs.flatMap((one) => entryOf(one.path.slice("crqs/".length), one) ?? []);
const from = (old: Crq, successor: Crq, ...others: readonly Crq[]) =>
  supersede(old, successor, entries(old, successor, ...others), GIVEN);

test("links both documents and says so in both histories; nothing else changes", () => {
  const [old, successor] = [crq(1), crq(2)];
  expect(from(old, successor)).toEqual({
    old: `${crq(1, 'superseded-by = ["CRQ-002"]', "superseded").source}## 11. History\n-   2026-11-22: superseded by CRQ-002 (human:Ada)\n`,
    successor: `${crq(2, 'supersedes = ["CRQ-001"]').source}## 11. History\n-   2026-11-22: supersedes CRQ-001 (human:Ada)\n`,
  });
});

test("completes a link that one side has, and keeps other links", () => {
  const result = from(crq(1), crq(2, 'supersedes = ["CRQ-0001", "CRQ-009"]'));
  expect("successor" in result && parseCrq("x.md", result.successor).metadata?.supersedes).toEqual(["CRQ-0001", "CRQ-009"]);
});

test.each([
  ["itself", [crq(1), crq(1)], "CRQ-001 cannot supersede itself"],
  ["a withdrawn one", [crq(1), crq(2, "", "withdrawn")], "crqs/CRQ-002-x.md: is withdrawn, so nothing can be superseded by it"],
  [
    "what it replaced",
    [crq(2), crq(1, 'superseded-by = ["CRQ-002"]', "superseded")],
    "CRQ-002 cannot be superseded by CRQ-001: that would be a cycle (CRQ-001 → CRQ-002 → CRQ-001)",
  ],
  [
    "what it replaced over a third, which only one side says",
    [crq(3), crq(1, 'superseded-by = ["CRQ-002"]', "superseded"), crq(2), crq(3, 'supersedes = ["CRQ-002"]')],
    "CRQ-003 cannot be superseded by CRQ-001: that would be a cycle (CRQ-001 → CRQ-002 → CRQ-003 → CRQ-001)",
  ],
] as const)("is refused for %s", (_, [old, successor, ...others], problem) => {
  expect(from(old, successor, ...others)).toEqual({ problem });
});
