import { posix } from "node:path";
import { isLocal, parseFlakeReference } from "../../../nix/flake-reference.ts";
import { graphProblems } from "../../../repo/dependency-graph.ts";
import { parseRecords, type StepRecord } from "../../../repo/steps/records.ts";
import { type CheckOf, checkSchemas } from "../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../check/result.ts";
import { firstContent } from "../programs/store-files.ts";

export const steps = defineKind({
  schema: checkSchemas.steps,
  kind: "steps",
  tier: "eval",
  needs: "nix",
  guard: "there are fewer than min steps or nodes, a node's flake has no outputs, or what it builds is empty",
  canary: {
    description: "a folder of step records that holds none",
    files: { "steps/README.md": "# Steps\n" },
    check: checkSchemas.steps.parse({ kind: "steps", mode: "records", dir: "steps" }),
  },
  run: (check, context) => (check.mode === "records" ? judgeRecords(check, context) : judgeLattice(check, context)),
});

type Steps = CheckOf<"steps">;

async function judgeRecords(check: Steps, context: CheckContext): Promise<CheckResult> {
  const files = context.target.matching([`${check.dir}/**/*.jsonl`]);
  const records: StepRecord[] = [];
  const problems: string[] = [];
  for (const path of files) {
    const read = await context.target.read(path);
    if (!read.ok) return failed(read.why === "outside" ? "outside-target" : "missing", "parse", read.message);
    const parsed = parseRecords(path, read.text);
    records.push(...parsed.records);
    problems.push(...parsed.problems);
  }
  const counts = { candidates: records.length, checked: records.length };
  problems.push(...graphProblems(records));
  if (problems.length > 0) return failed("mismatch", "parse", shortened(problems), counts);
  if (records.length < check.min) {
    return vacuous(
      "nothing-checked",
      "parse",
      `${check.dir} holds ${records.length} step records, at least ${check.min} are asked for`,
      counts,
    );
  }
  const flakes = foldersOf(context.target.matching([check.flakes ?? `${check.dir}/**/flake.nix`]));
  if (flakes.length < records.length) {
    return failed("missing", "parse", `${records.length} steps have only ${flakes.length} flakes`, counts);
  }
  return (
    (await judgeFlakes(check, flakes, context)) ??
    passed("eval", `${records.length} steps, each with a flake that evaluates`, counts)
  );
}

async function judgeLattice(check: Steps, context: CheckContext): Promise<CheckResult> {
  const nodes = foldersOf(context.target.matching([check.flakes ?? `${check.dir}/**/flake.nix`]));
  const counts = { candidates: nodes.length, checked: nodes.length };
  if (nodes.length < check.min) {
    return vacuous("nothing-checked", "parse", `${nodes.length} nodes were found, at least ${check.min} are asked for`, counts);
  }
  const absent = nodes.flatMap((node) =>
    (check["node-files"] ?? []).map((name) => posix.join(node, name)).filter((path) => !context.target.has(path)),
  );
  if (absent.length > 0) return failed("missing", "text", `nodes lack ${shortened(absent)}`, counts);

  const graph: { id: string; depends: string[] }[] = [];
  const problems: string[] = [];
  for (const node of nodes) {
    const inputs = await evaluator(context).inputs(node, check.timeout * 1000);
    if (!inputs.ok) return failureOfNix(inputs, `evaluating the inputs of ${node}`, counts);
    const lower = inputs.value.inputs.flatMap((input) => localFolder(node, input.url) ?? []);
    problems.push(
      ...lower.filter((folder) => !nodes.includes(folder)).map((folder) => `${node} takes ${folder}, which is no node`),
    );
    graph.push({ id: node, depends: lower });
  }
  problems.push(
    ...graphProblems(graph.map(({ id, depends }) => ({ id, depends: depends.filter((folder) => nodes.includes(folder)) }))),
  );
  if (problems.length > 0) return failed("mismatch", "eval", shortened(problems), counts);
  return (
    (await judgeFlakes(check, nodes, context)) ??
    passed(check.build ? "build" : "eval", `${nodes.length} nodes, each by itself`, counts)
  );
}

/** Evaluates every flake by itself, and builds its default package where that is asked for; undefined when all hold. */
async function judgeFlakes(check: Steps, folders: readonly string[], context: CheckContext): Promise<CheckResult | undefined> {
  const nix = evaluator(context);
  const timeoutMs = check.timeout * 1000;
  for (const [at, folder] of folders.entries()) {
    const counts = { candidates: folders.length, checked: at + 1 };
    const evaluated = await nix.evaluateAt(folder, HAS_OUTPUT, timeoutMs);
    if (!evaluated.ok) return failureOfNix(evaluated, `evaluating ${folder}`, counts);
    if (evaluated.value === false) return vacuous("empty", "eval", `the flake in ${folder} has no outputs`, counts);
    if (!check.build) continue;
    const built = await nix.buildAt(folder, `packages.${context.system}.default`, timeoutMs);
    if (!built.ok) return failureOfNix(built, `building ${folder}`, counts);
    const outputs = built.value.flatMap((one) => Object.values(one.outputs));
    const contents = await Promise.all(outputs.map((output) => firstContent(context.environment, output)));
    if (contents.every((content) => content === undefined))
      return vacuous("empty", "build", `${folder} builds, but its output holds no non-empty file: a join of nothing`, counts);
  }
  return undefined;
}

/** Whether anything stands in the outputs below empty sets: `packages.SYSTEM = { }` is no output. Values are not looked into. */
const HAS_OUTPUT = `outputs: let
  some = depth: value:
    if depth == 0 || !builtins.isAttrs value || (value.type or null) == "derivation" then true
    else builtins.any (name: some (depth - 1) value.\${name}) (builtins.attrNames value);
in builtins.any (name: some 2 outputs.\${name}) (builtins.attrNames outputs)`;

const foldersOf = (flakes: readonly string[]): readonly string[] => flakes.map((path) => posix.dirname(path)).sort();

/** The folder of the target that a local input of `node` means; undefined for inputs from elsewhere. */
function localFolder(node: string, url: string | undefined): string | undefined {
  const reference = url === undefined ? undefined : parseFlakeReference(url);
  if (!reference || !isLocal(reference)) return undefined;
  return posix.normalize(posix.join(node, reference.path ?? reference.url ?? "")).replace(/\/$/, "");
}

const SHOWN = 5;

const shortened = (items: readonly string[]): string =>
  items.length <= SHOWN ? items.join("; ") : `${items.slice(0, SHOWN).join("; ")}; and ${items.length - SHOWN} more`;
