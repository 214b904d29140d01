import { join } from "node:path";
import type { Check } from "../../../crq/checks.ts";
import { isRed } from "../../../crq/criteria/baseline.ts";
import { KINDS } from "../../../crq/criteria/kinds/registry.ts";
import { runAcceptance } from "../../../crq/criteria/runner.ts";
import { readDocument } from "../../../crq/parse/document.ts";
import { parseCrq } from "../../../crq/parse.ts";
import { applyEdits, type Edit } from "../../../crq/write/edits.ts";
import type { Workspace } from "../../../repo/workspace/workspace.ts";
import type { JobPlace } from "../../job-place.ts";

/**
 * A draft's cheap checks, tried at the commit it starts from (crq-format.md §11.5): what holds there already must only stay true, and is
 * marked so; what builds or runs programs waits for the baseline.
 */

export interface BaseTrial {
  /** The document with its marks. */
  readonly markdown: string;
  /** What was marked, and what could not be tried. */
  readonly notes: readonly string[];
  /** Whether at least one check could be false before the change: without one the request asks for nothing. */
  readonly asks: boolean;
}

const CHEAP = new Set(["text", "parse", "eval"]);

const isTried = (check: Check): boolean =>
  !check.regression && !check.suggested && check.kind !== "manual" && CHEAP.has(KINDS[check.kind].tierOf(check));

export async function tryAtBase(path: string, markdown: string, place: JobPlace, workspace: Workspace): Promise<BaseTrial> {
  const crq = parseCrq(path, markdown);
  const live = crq.criteria.filter((criterion) => criterion.withdrawn === undefined);
  const run = await runAcceptance({
    crq: {
      metadata: crq.metadata,
      criteria: live.map((criterion) => ({ ...criterion, checks: criterion.checks.filter(isTried) })),
    },
    target: { directory: workspace.directory, base: workspace.base },
    nix: place.nix,
    environment: place.environment,
    folder: join(place.sessionFolder, "draft"),
    signal: place.signal,
    onProgress: place.progress,
    now: new Date(place.now()),
    ...(place.settings.judgeInputs && { judgeInputs: place.settings.judgeInputs }),
  });
  const marked: { readonly id: string; readonly index: number }[] = [];
  const untried: string[] = [];
  let asks = live.some(({ checks }) => checks.some((check) => !check.regression && check.kind !== "manual" && !isTried(check)));
  for (const { criterion, checks } of run.criteria) {
    const indices =
      live.find(({ id }) => id === criterion.id)?.checks.flatMap((check, index) => (isTried(check) ? [index] : [])) ?? [];
    for (const { index: position, check, result } of checks) {
      const index = indices[position] ?? 0;
      if (result.verdict === "pass") marked.push({ id: criterion.id, index });
      else if (result.verdict === "unavailable" || result.verdict === "skipped") {
        untried.push(`${criterion.id} (${check.kind}): ${result.reason}`);
        asks = true;
      } else {
        const said = { criterion: criterion.id, index, kind: check.kind, regression: false, ...result };
        asks ||= result.verdict === "vacuous" || isRed(said);
      }
    }
  }
  const written = markRegressions(path, markdown, marked);
  return {
    markdown: written,
    asks,
    notes: [
      ...(marked.length > 0
        ? [
            `holds before the change already, so it was marked regression = true: ${[...new Set(marked.map(({ id }) => id))].join(", ")}`,
          ]
        : []),
      ...untried.map((text) => `not tried at the base commit: ${text}`),
    ],
  };
}

/** Adds `regression = true` below the `kind` of each check; no other byte changes. */
function markRegressions(
  path: string,
  markdown: string,
  marked: readonly { readonly id: string; readonly index: number }[],
): string {
  const document = readDocument(path, markdown);
  const edits = marked.flatMap(({ id, index }): Edit[] => {
    const found = document.criterionItems.find(({ criterion }) => criterion?.id === id);
    if (!found?.block) return [];
    const several = Array.isArray(found.block.data?.check);
    const { line, column } = found.block.placeOf(several ? ["check", index, "kind"] : ["kind"]);
    const at = document.lines.startOf(line) + document.lines.textOf(line).length;
    return [{ start: at, end: at, text: `\n${document.lines.textOf(line).slice(0, column - 1)}regression = true` }];
  });
  return applyEdits(markdown, edits);
}
