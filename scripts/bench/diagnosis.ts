import { type Judged, judge, PARTS, type Part, share } from "../../test/nix/diagnose/corpus/score.ts";
import type { Bench } from "./figure.ts";

/** The confusion table of one part: a line a planted class, and what else was said of it. */
export function confusionTable(part: Part, judged: readonly Judged[]): readonly string[] {
  const right = judged.filter((one) => one.right).length;
  const classes = [...Map.groupBy(judged, ({ entry }) => entry.label)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${part}: ${right} of ${judged.length} right (${(share(judged) * 100).toFixed(1)} %)`,
    "| planted | logs | right | taken for |",
    "|---|---|---|---|",
    ...classes.map(([label, own]) => {
      const wrong = Map.groupBy(
        own.filter((one) => !one.right),
        ({ said }) => said,
      );
      const taken = [...wrong].map(([said, some]) => `${said} (${some.length})`).join(", ");
      return `| ${label} | ${own.length} | ${own.length - [...wrong.values()].flat().length} | ${taken} |`;
    }),
  ];
}

export const diagnosis: Bench = {
  about: "labelled logs of planted faults whose class is told right, the worse of the two parts, against the required share",
  bound: { side: "at least", ratio: 1 },
  async run() {
    const parts = PARTS.map((part) => ({ part, judged: judge(part) }));
    const worst = Math.min(...parts.map(({ judged }) => share(judged))) * 100;
    return {
      value: worst,
      reference: 95,
      ratio: worst / 95,
      unit: "%",
      runs: parts.reduce((sum, { judged }) => sum + judged.length, 0),
      notes: parts.flatMap(({ part, judged }) => ["", ...confusionTable(part, judged)]),
    };
  },
};
