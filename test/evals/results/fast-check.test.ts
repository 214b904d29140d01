import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fastCheck } from "../../../src/evals/results/fast-check.ts";
import { readTrialRow, trialRowSchema } from "../../../src/evals/results/trial-row.ts";
import { madeRun } from "./sample-run.ts";

const models = [
  { alias: "good", chance: () => 0.5, usd: 0.5 },
  { alias: "bad", chance: () => 0, hack: "prebuilt", boasts: true },
];
const { rows } = madeRun(models, 5, 1, 1);
const isRow = fastCheck(trialRowSchema);

/** Every place of a value, as a path of keys. */
const placesIn = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] => [
  path,
  ...(typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))
    : []),
];

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const entries = Object.entries(z.record(z.string(), z.unknown()).or(z.array(z.unknown())).parse(value));
  return Object.fromEntries(entries.map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]));
}

describe("the fast check of rows", () => {
  it("takes every row as it is", () => {
    expect(rows.map((row) => isRow(JSON.parse(JSON.stringify(row))))).toEqual(rows.map(() => true));
  });

  it("says yes only to what the schema leaves as it is, wherever a row is changed", () => {
    const strange = fc.oneof(
      fc.json().map((text) => JSON.parse(text)),
      fc.constantFrom("pass", "2026-11-27T12:00:00Z", "0a", 0, 1, 1.5, -1, {}),
    );
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.nat(), strange, (row, at, by) => {
        const places = placesIn(row);
        const changed = replaced(row, places[at % places.length] ?? [], by);
        const parsed = trialRowSchema.safeParse(changed);
        if (isRow(changed)) expect(parsed).toMatchObject({ success: true, data: changed });
        // Not only honest but of use: what the schema takes, the check takes.
        else if (parsed.success) expect(JSON.stringify(changed)).toContain("__proto__");
      }),
      { numRuns: 2_000 },
    );
  });

  it("knows no part that it was not made for", () => {
    expect(
      [z.string().min(1), z.string().trim(), z.number().multipleOf(2), z.object({}), z.union([z.string(), z.number()])].map(
        (schema) => fastCheck(schema)("a"),
      ),
    ).toEqual([false, false, false, false, false]);
    expect(fastCheck(z.boolean().refine(() => false))(true)).toBe(false);
  });

  it("leaves the reason to the schema", () => {
    const [row] = rows;
    expect(readTrialRow({ ...row, tier: 9 })).toBe("tier: Too big: expected number to be <=5");
    expect(readTrialRow(row)).toBe(row);
  });
});
