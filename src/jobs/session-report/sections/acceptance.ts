import type { CheckEvidence, CriterionEvidence, CrqReport } from "../../../crq/criteria/report/evidence.ts";
import { CHECKED } from "../../../crq/criteria/report/formats/checked.ts";
import type { Verdict } from "../../../crq/model.ts";
import { type Child, element, join, type Markup } from "../../../ui/html/markup.ts";
import { table } from "../../../ui/html/table.ts";
import type { Excerpts } from "../excerpts.ts";

/** Reads a log that the report names; undefined: it is not there. */
export type ReadLog = (path: string) => string | undefined;

const MARK: Readonly<Record<Verdict, string>> = {
  pass: "✓",
  fail: "✗",
  vacuous: "✗",
  unavailable: "?",
  skipped: "?",
  manual: "?",
  waived: "~",
};

const TONE: Readonly<Record<Verdict, "good" | "bad" | "open">> = {
  pass: "good",
  fail: "bad",
  vacuous: "bad",
  unavailable: "open",
  skipped: "open",
  manual: "open",
  waived: "open",
};

/** A verdict is told by its words and its mark; the colour only helps. */
const verdictTag = (verdict: Verdict): Markup =>
  element("span", { class: `verdict ${TONE[verdict]}` }, `${MARK[verdict]} ${verdict}`);

/** The acceptance table, then the evidence of each criterion. */
export function acceptanceSection(report: CrqReport, readLog: ReadLog, excerpts: Excerpts): Markup {
  const { gate, totals } = report;
  // The table says it of each criterion.
  const failures = gate.failures.filter(({ rule }) => rule !== "criterion");
  return element(
    "section",
    { id: "acceptance", "aria-labelledby": "acceptance-title" },
    element("h2", { id: "acceptance-title" }, "Acceptance"),
    element(
      "p",
      {},
      gate.ok
        ? `All ${totals.criteria} criteria hold.`
        : `${totals.pass} of ${totals.criteria} criteria pass. The gate stays shut.`,
      report.env.unsafeLocal ? " Built programs may have run without confinement (--unsafe-local)." : undefined,
    ),
    failures.length === 0
      ? undefined
      : element(
          "ul",
          {},
          ...failures.map(({ rule, detail, ac }) =>
            element("li", {}, element("strong", {}, rule), `${ac === undefined ? "" : ` (${ac})`}: ${detail}`),
          ),
        ),
    table(
      "Criteria",
      ["Criterion", "Verdict", "What was seen", "Looked at?", "Before the change"],
      report.criteria.map((one) => [
        one.id,
        verdictTag(one.verdict),
        one.reason,
        `${CHECKED[one.verdict]} (${one.tier})`,
        one.baseline?.verdict ?? "not tried",
      ]),
      [1, 2, 3, 4],
    ),
    ...report.criteria.map((one) => criterion(one, readLog, excerpts)),
    ...others(report),
    facts(report),
  );
}

const criterion = (one: CriterionEvidence, readLog: ReadLog, excerpts: Excerpts): Markup =>
  element(
    "details",
    { class: "card" },
    element(
      "summary",
      {},
      element("strong", {}, one.id),
      " ",
      verdictTag(one.verdict),
      " ",
      inlineCode(excerpts.line(one.text, 200)),
    ),
    element("p", {}, one.reason),
    definitions([
      ["Before the change", one.baseline ? `${one.baseline.verdict}: ${one.baseline.reason}` : "not tried"],
      ["Steps of the plan", one.steps.join(", ")],
      ["Changed files", codes(one.changedFiles)],
      ["Commits", codes(one.commits)],
      ["Hash of its text and checks", element("code", {}, one.textHash)],
    ]),
    ...one.checks.map((check) => checkPart(check, readLog, excerpts)),
  );

/** One line of a document: what stands between backticks is code. */
const inlineCode = (line: string): Markup =>
  join(line.split("`").map((part, at, all) => (at % 2 === 1 && at < all.length - 1 ? element("code", {}, part) : part)));

function checkPart(check: CheckEvidence, readLog: ReadLog, excerpts: Excerpts): Markup {
  const log = readLog(check.log.path);
  return join([
    element("h3", {}, `Check ${check.index + 1}: `, element("code", {}, check.kind), " ", verdictTag(check.verdict)),
    element("p", {}, check.reason),
    ...check.warnings.map((warning) => element("p", { class: "watermark" }, warning)),
    definitions([
      ["Asked for", element("code", {}, JSON.stringify(check.params))],
      ["Ran", check.argv && element("code", {}, check.argv.join(" "))],
      ["Exit code", check.exit],
      ["Came as far as", check.tier],
      ["Looked at", `${check.counts.checked} of ${check.counts.candidates}`],
      ["Took", `${(check.durationMs / 1000).toFixed(1)} s`],
      ...(check.outputs ?? []).map(({ name, path, narSha256 }): [string, Child] => [
        `Output ${name}`,
        join([
          element("code", {}, path),
          narSha256 === null ? undefined : join([" nar sha256 ", element("code", {}, narSha256)]),
        ]),
      ]),
      [
        "Log",
        join([element("code", {}, check.log.path), `, ${check.log.bytes} bytes, sha256 `, element("code", {}, check.log.sha256)]),
      ],
    ]),
    ...check.diagnoses.map(({ kind, message, position }) =>
      element(
        "p",
        {},
        element("strong", {}, kind),
        position ? ` at ${position.file}:${position.line}:${position.column}` : undefined,
        `: ${message}`,
      ),
    ),
    log === undefined
      ? element("p", { class: "soft" }, "The log is not beside the report.")
      : log.trim() === ""
        ? element("p", { class: "soft" }, "The log is empty.")
        : excerpts.pre(log, check.log.path),
  ]);
}

/** Terms with what they stand for; one without a value is left out. */
export function definitions(rows: readonly (readonly [term: string, value: Child])[]): Markup {
  const shown = rows.filter(
    ([, value]) => value !== undefined && value !== "" && !(value instanceof Object && value.text === ""),
  );
  return element("dl", {}, ...shown.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
}

const codes = (values: readonly string[]): Markup =>
  join(
    values.map((value) => element("code", {}, value)),
    ", ",
  );

function others({ weakenings, unrequested, canaries }: CrqReport): readonly (Markup | undefined)[] {
  const accepted = canaries.filter((canary) => canary.accepted);
  return [
    weakenings.length === 0
      ? undefined
      : table(
          "What weakens the checks",
          ["Pattern", "Where", "Criterion", "Waived by a person"],
          weakenings.map(({ pattern, file, line, ac, waived }) => [pattern, `${file}:${line}`, ac ?? "", waived ? "yes" : "no"]),
          [1, 2, 3],
        ),
    unrequested.length === 0
      ? undefined
      : element("p", {}, "Changed although nothing in the CRQ asks for it: ", codes(unrequested), "."),
    accepted.length === 0
      ? undefined
      : element(
          "p",
          { class: "watermark" },
          `Checks that accepted a known bad example here, so their passes prove nothing: ${accepted.map(({ kind }) => kind).join(", ")}.`,
        ),
  ];
}

const facts = ({ env, subject, crq, cost }: CrqReport): Markup =>
  element(
    "details",
    {},
    element("summary", {}, "Where and on what it was judged"),
    definitions([
      ["Files", join(["tree ", element("code", {}, subject.tree), ", from ", element("code", {}, subject.base)])],
      ["Approved text", crq.hash === null ? "none" : element("code", {}, crq.hash)],
      ["flake.lock", subject.lockSha256 === null ? "none" : join(["sha256 ", element("code", {}, subject.lockSha256)])],
      ["Nix", env.nix ?? "none"],
      ["System", env.system],
      ["Inputs from", env.world],
      ["Network for Nix", env.network ? "yes" : "no"],
      ["Took", `${(cost.durationMs / 1000).toFixed(1)} s, ${cost.nixProcesses} Nix processes`],
    ]),
  );
