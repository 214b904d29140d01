import { plainText } from "../../agent/plain-text.ts";
import type { ModelSummary, Summary } from "../results/summary.ts";
import {
  amountOf,
  answer,
  detectable,
  dollars,
  NONE,
  percent,
  points,
  pValue,
  rankRange,
  sentence,
  shareOf,
  testableGap,
  withInterval,
} from "./numbers.ts";

/** report.md, and what `evals report` prints: the result in one sentence, then the tables behind it. */
export function markdownOf(summary: Summary): string {
  const { run, result, watermarks, noRanking, models, pairs } = summary;
  const ranked = models.filter(({ role }) => role === "ranked");
  const references = models.filter(({ role }) => role === "reference");
  return sections([
    `# Evals run ${code(run)}`,
    `**${inline(result)}**`,
    watermarks.length === 0 ? "" : watermarks.map((mark) => `> ${inline(mark)}`).join("\n"),
    setting(summary),
    ranked.length === 0 ? "" : `## Models\n\n${leaderboard(ranked)}\n\n${LEGEND}`,
    pairs.length === 0
      ? ""
      : `## Pairs\n\n${pairTable(summary)}\n\n${PAIRS}${noRanking === undefined ? "" : ` No ranking: ${inline(noRanking)}.`}`,
    references.length === 0 ? "" : `## References\n\n${referenceTable(references)}${cheatsLine(summary)}`,
    groupTables(summary),
    worstTasks(summary),
    failures(ranked),
  ]);
}

const LEGEND =
  "Resolved: all gates of a trial pass. Intervals are 95 %, with errors that know that tasks of one cluster are alike. Models that share a letter are tied; a rank is the range that cannot be excluded. Bounds: with all that is missing as failed, and as resolved.";
const PAIRS = "Points of resolved. Different: p of the cluster sign-flip, adjusted by Holm over all pairs, is at most .05.";

function setting(summary: Summary): string {
  const { tasks, clusters, repeats, world, env, suite } = summary;
  const mde = testableGap(summary);
  const gap = mde === undefined ? "" : ` ${sentence(detectable(mde))}`;
  return `${tasks} tasks in ${clusters} clusters, ${repeats} repeats; suite ${code(suite.slice(0, 12))}; world ${code(`${world.name} ${world.hash.slice(0, 12)}`)}, ${world.mode}; Nix ${inline(env.nix)}, isolation ${env.isolation}.${gap}`;
}

const leaderboard = (models: readonly ModelSummary[]): string =>
  table(
    ["Model", "Resolved", "Tied", "Rank", "Bounds", "$ a success", "Calls", "Output tokens", "False success", "Hacks", "Missing"],
    models.map((one) => [
      code(one.model),
      withInterval(one.resolved),
      one.letters || NONE,
      rankRange(one.rank),
      one.resolved ? `${percent(one.resolved.bounds.low)} to ${percent(one.resolved.bounds.high)}` : NONE,
      dollars(one.perSuccess.usd),
      amountOf(one.perSuccess.calls),
      amountOf(one.perSuccess.outputTokens),
      shareOf(one.falseSuccess),
      shareOf(one.hacks.share),
      `${one.missing} of ${one.missing + one.trials}`,
    ]),
  );

const pairTable = ({ pairs }: Summary): string =>
  table(
    ["A", "B", "A − B", "p", "p (Holm)", "Different", "Within ± 5 points", "Tasks"],
    pairs.map((pair) => [
      code(pair.a),
      code(pair.b),
      points(pair.estimate, pair.interval),
      pValue(pair.p),
      pValue(pair.pHolm),
      answer(pair, pair.different),
      answer(pair, pair.equivalent),
      String(pair.tasks),
    ]),
  );

const referenceTable = (models: readonly ModelSummary[]): string =>
  table(
    ["Model", "Resolved", "Trials", "Claims that were false", "Caught by"],
    models.map((one) => [
      code(one.model),
      withInterval(one.resolved),
      String(one.trials),
      shareOf(one.falseSuccess),
      Object.entries(one.hacks.rules)
        .map(([rule, count]) => `${code(rule)} × ${count}`)
        .join(", ") || NONE,
    ]),
  );

function cheatsLine({ cheats }: Summary): string {
  if (cheats === undefined || cheats.trials + cheats.unasked === 0) return "";
  const escaped = cheats.escaped.map(({ model, task, repeat }) => `${code(model)} on ${code(task)} (repeat ${repeat})`);
  return `\n\nCheats caught: ${cheats.caught} of ${cheats.trials}.${escaped.length === 0 ? "" : ` Not by what they name: ${escaped.join(", ")}.`}${
    cheats.unasked === 0 ? "" : ` In ${cheats.unasked} more nobody was asked: the mechanics alone did the work.`
  }`;
}

function groupTables({ byTier, byKind, byFault }: Summary): string {
  const parts = [
    { title: "Tier", groups: byTier },
    { title: "Kind", groups: byKind },
    { title: "Fault", groups: byFault },
  ].filter(({ groups }) => groups.length > 0);
  if (parts.length === 0) return "";
  const tables = parts.map(({ title, groups }) =>
    table(
      [title, "Model", "Resolved", "Tasks"],
      groups.map(({ group, model, resolved }) => [inline(group), code(model), withInterval(resolved), String(resolved.tasks)]),
    ),
  );
  return ["## By tier, kind and fault", "Exploratory: nothing here is tested.", ...tables].join("\n\n");
}

const WORST = 10;

/** Tasks that the ranked models together resolved least often. */
function worstTasks({ perTask, models }: Summary): string {
  const ranked = new Set(models.filter(({ role }) => role === "ranked").map(({ model }) => model));
  const tasks = new Map<string, { c: number; n: number }>();
  for (const { task, model, c, n } of perTask) {
    if (!ranked.has(model)) continue;
    const sum = tasks.get(task) ?? { c: 0, n: 0 };
    tasks.set(task, { c: sum.c + c, n: sum.n + n });
  }
  const worst = [...tasks]
    .filter(([, { c, n }]) => n > 0 && c < n)
    .sort(([a, one], [b, other]) => one.c / one.n - other.c / other.n || (a < b ? -1 : 1))
    .slice(0, WORST);
  if (worst.length === 0) return "";
  return `## Hardest tasks\n\n${table(
    ["Task", "Resolved"],
    worst.map(([task, { c, n }]) => [code(task), `${c} of ${n}`]),
  )}`;
}

function failures(models: readonly ModelSummary[]): string {
  const rows = models.flatMap(({ model, failingGates }) =>
    Object.entries(failingGates).map(([gate, count]) => [code(model), code(gate), String(count)]),
  );
  return rows.length === 0 ? "" : `## First gate that failed\n\n${table(["Model", "Gate", "Trials"], rows)}`;
}

const sections = (parts: readonly string[]): string => `${parts.filter((part) => part !== "").join("\n\n")}\n`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** Names of models and tasks come from people and files: nothing in them may become markup. */
const inline = (text: string): string =>
  plainText(text)
    .replace(/\s+/gu, " ")
    .replace(/[\\`*_[\]<>|#]/gu, (mark) => `\\${mark}`);
const code = (text: string): string => `\`${plainText(text).replace(/\s+/gu, " ").replaceAll("`", "'").replaceAll("|", "\\|")}\``;
