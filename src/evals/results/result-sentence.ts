import type { Summary } from "./summary.ts";

/** What the run says, in one sentence: who is better, who is tied, or why neither can be said. */
export function resultSentence({ models, pairs, descriptive, noRanking, complete }: Omit<Summary, "result">): string {
  const ranked = models.filter(({ role, resolved }) => role === "ranked" && resolved).map(({ model }) => model);
  if (ranked.length === 0) return "No trial has ended.";
  if (!complete) return "The run is unfinished: estimates only, no comparison.";
  if (noRanking !== undefined) return `No ranking: ${noRanking}.`;
  const [first, ...others] = ranked;
  if (first === undefined || others.length === 0) return `${ranked.join("")} ran alone: nothing is compared.`;
  if (descriptive) return "Too few clusters for a test: the numbers describe these tasks and no others.";
  const apart = (a: string, b: string): boolean =>
    pairs.some((pair) => pair.different && ((pair.a === a && pair.b === b) || (pair.a === b && pair.b === a)));
  if (!pairs.some((pair) => pair.different)) return `${list(ranked)} are tied.`;
  const tiedWithFirst = others.filter((model) => !apart(first, model));
  const worse = others.filter((model) => apart(first, model));
  if (worse.length === 0) return `${first} is tied with ${list(others)}; some of these differ among themselves.`;
  const best =
    tiedWithFirst.length === 0
      ? `${first} is better than ${list(worse)}`
      : `${first} is tied with ${list(tiedWithFirst)} and better than ${list(worse)}`;
  return `${best}.`;
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
