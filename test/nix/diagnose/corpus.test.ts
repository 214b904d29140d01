import { describe, expect, test } from "vitest";
import { PLANTERS } from "../../../src/evals/faults/all.ts";
import { confusions, entriesOf, judge, PARTS, share } from "./corpus/score.ts";

/**
 * The corpus of labelled logs (corpus/README.md): real runs of planted faults. The label is what was planted. `open` may be read by whoever
 * tunes the diagnosis; of `holdout` nothing but the labels is ever shown.
 */

const LEAST_RIGHT = 0.95;

describe("the corpus of planted faults", () => {
  test("is large, from three versions of Nix, in each format, and its parts are apart", () => {
    const [open, holdout] = PARTS.map((part) => entriesOf(part));
    const all = [...(open ?? []), ...(holdout ?? [])];
    expect(all.length).toBeGreaterThanOrEqual(120);
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
    const part = (holdout?.length ?? 0) / all.length;
    expect(part).toBeGreaterThan(0.2);
    expect(part).toBeLessThan(0.4);
    expect(new Set(all.map(({ nix }) => nix.replace(/\.\d+$/u, ""))).size).toBe(3);
    expect(new Set(all.map(({ format }) => format)).size).toBe(4);
  });

  test("has the labels of the planters", () => {
    const labels = new Map(PLANTERS.map(({ name, label }) => [name, label]));
    const wrong = PARTS.flatMap(entriesOf).filter(({ planter, label }) => labels.get(planter) !== label);
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  test("has every row of the table that can be planted", () => {
    const rows = new Set(PARTS.flatMap(entriesOf).map(({ row }) => row));
    expect([...new Set(PLANTERS.map(({ row }) => row))].filter((row) => !rows.has(row))).toEqual([]);
  });

  test("open: at least 95 % of what the diagnosis says is what was planted", () => {
    const judged = judge("open");
    const wrong = judged.filter(({ right }) => !right).map(({ entry, said }) => `${entry.file}: ${entry.label}, not ${said}`);
    expect(share(judged), `${confusions(judged).join("\n")}\n\n${wrong.join("\n")}`).toBeGreaterThanOrEqual(LEAST_RIGHT);
  });

  test("holdout: at least 95 % of what the diagnosis says is what was planted", () => {
    const judged = judge("holdout");
    expect(share(judged), confusions(judged).join("\n")).toBeGreaterThanOrEqual(LEAST_RIGHT);
  });
});
