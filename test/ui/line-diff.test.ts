import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffLine, lineDiff } from "../../src/ui/line-diff.ts";

describe("lineDiff", () => {
  it("shows what changed with its surroundings, and counts what it leaves out", () => {
    const before = Array.from({ length: 12 }, (_, at) => `line ${at}`);
    const after = before.with(6, "another");
    expect(lineDiff(before.join("\n"), `${after.join("\n")}\n`, 1)).toEqual([
      { kind: "gap", lines: 5 },
      { kind: "same", text: "line 5" },
      { kind: "removed", text: "line 6" },
      { kind: "added", text: "another" },
      { kind: "same", text: "line 7" },
      { kind: "gap", lines: 4 },
    ]);
  });

  it("gives both texts back, line by line", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "")).map((lines) => lines.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff(before, after, 1_000);
        const side = (kind: DiffLine["kind"]): string =>
          lines
            .flatMap((line) => (line.kind === "gap" || (line.kind !== "same" && line.kind !== kind) ? [] : [`${line.text}\n`]))
            .join("");
        // Where nothing changed there is nothing to show.
        if (before === after && before !== "") expect(lines).toEqual([{ kind: "gap", lines: before.split("\n").length - 1 }]);
        else expect([side("removed"), side("added")]).toEqual([before, after]);
      }),
    );
  });

  it("replaces the whole text where a comparison would take too long", () => {
    const many = (word: string): string => `${word}\n`.repeat(3_000);
    const lines = lineDiff(many("a"), many("b"));
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([6_000, { kind: "removed", text: "a" }, { kind: "added", text: "b" }]);
  });
});
