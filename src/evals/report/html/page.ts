import { element, join, type Markup } from "../../../ui/html/markup.ts";
import { htmlPage } from "../../../ui/html/page.ts";
import { STYLE } from "../../../ui/html/style.ts";
import { figure, table } from "../../../ui/html/table.ts";
import type { Summary } from "../../results/summary.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import { detectable, testableGap, withInterval } from "../numbers.ts";
import { claims, claimsOf } from "./plots/claims.ts";
import { cost } from "./plots/cost.ts";
import { failures } from "./plots/failures.ts";
import { forest } from "./plots/forest.ts";
import { pairMatrix } from "./plots/pair-matrix.ts";
import { taskMatrix } from "./plots/task-matrix.ts";

/**
 * report.html: one file that asks for nothing, neither a script nor a font, and reads from a disk. Each plot has its table; plots come in the
 * order of the questions: who is better, by how much, where, at what price, why not, and can its word be taken.
 */
export function pageOf(summary: Summary, rows: readonly TrialRow[]): string {
  const { run, result, watermarks, models } = summary;
  const figures = [
    forest(models),
    ...(summary.pairs.length > 0 ? [pairMatrix(summary)] : []),
    taskMatrix(summary),
    cost(models),
    failures(models),
    claims(
      claimsOf(
        models.map(({ model }) => model),
        rows,
      ),
    ),
  ];
  const body = element(
    "body",
    {},
    element("a", { class: "skip", href: "#resolved" }, "To the results"),
    element(
      "header",
      {},
      element("h1", {}, "Evals run ", element("code", {}, run)),
      element("p", { class: "result" }, result),
      ...watermarks.map((mark) => element("p", { class: "watermark" }, mark)),
      element("p", { class: "soft" }, settingOf(summary)),
    ),
    element(
      "nav",
      { "aria-label": "Figures" },
      element("ul", {}, ...figures.map(({ id, title }) => element("li", {}, element("a", { href: `#${id}` }, title)))),
    ),
    element("main", {}, ...figures.map(figure), groupsOf(summary)),
  );
  return htmlPage({ title: `Evals run ${run}`, style: STYLE, body });
}

function settingOf(summary: Summary): string {
  const { tasks, clusters, repeats, world, env, suite } = summary;
  const mde = testableGap(summary);
  return [
    `${tasks} tasks in ${clusters} clusters, ${repeats} repeats`,
    `suite ${suite.slice(0, 12)}`,
    `world ${world.name} ${world.hash.slice(0, 12)} (${world.mode})`,
    `Nix ${env.nix}, isolation ${env.isolation}, on ${env.host}`,
    ...(mde === undefined ? [] : [detectable(mde)]),
  ].join("; ");
}

function groupsOf({ byTier, byKind, byFault }: Summary): Markup {
  const tables = [
    { title: "tier", groups: byTier },
    { title: "kind", groups: byKind },
    { title: "fault", groups: byFault },
  ].filter(({ groups }) => groups.length > 0);
  if (tables.length === 0) return join([]);
  return element(
    "section",
    { id: "groups", "aria-labelledby": "groups-title" },
    element("h2", { id: "groups-title" }, "By tier, kind and fault"),
    element("p", {}, "Exploratory: nothing here is tested."),
    ...tables.map(({ title, groups }) =>
      table(
        `Resolved by ${title}`,
        [title, "Model", "Resolved", "Tasks"],
        groups.map(({ group, model, resolved }) => [group, model, withInterval(resolved), resolved.tasks]),
        [1],
      ),
    ),
  );
}
