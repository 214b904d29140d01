import { posix } from "node:path";
import { folderOf, LATTICE_FILE, type LatticeNode, parseLattice } from "../../../../nix/lattice/plan.ts";
import type { CheckOf } from "../../../checks.ts";
import { type CheckContext, evaluator } from "../../check/kind.ts";
import { type CheckResult, type Counts, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import { type PlannedNode, planProblems } from "../../judge/lattice-nodes.ts";
import {
  buildNodes,
  foldersOf,
  type Node,
  type Outputs,
  passedWith,
  readInputs,
  readNodes,
  sharedDerivations,
  shortened,
} from "./nodes.ts";

/** A lattice: the nodes that `lattice.toml` plans, each a flake that builds on lower ones, and the root flake that joins them. */

type Steps = CheckOf<"steps">;

export async function judgeLattice(check: Steps, context: CheckContext): Promise<CheckResult> {
  const file = posix.join(check.dir, LATTICE_FILE);
  const read = await context.target.read(file);
  if (!read.ok) return failed(read.why === "outside" ? "outside-target" : "missing", "text", read.message);
  const plan = parseLattice(file, read.text);
  if (!plan.ok) {
    const problems = plan.problems.map(({ line, message }) => `${file}:${line}: ${message}`);
    return failed("mismatch", "parse", shortened(problems), { candidates: 1, checked: 1 });
  }
  const { nodes } = plan.lattice;
  const counts = { candidates: nodes.length, checked: nodes.length };
  if (nodes.length < check.min) {
    const reason = `${file} plans ${nodes.length} nodes, at least ${check.min} are asked for`;
    return vacuous("nothing-checked", "parse", reason, counts);
  }
  const planned = nodes.map((node) => ({ node, folder: posix.join(check.dir, folderOf(node)) }));
  return (await judgeFiles(check, planned, counts, context)) ?? judgeFlakes(check, planned, counts, context);
}

type Planned = readonly { readonly node: LatticeNode; readonly folder: string }[];

/** A node that is planned has its flake and files, and a flake has its node. */
async function judgeFiles(
  check: Steps,
  planned: Planned,
  counts: Counts,
  context: CheckContext,
): Promise<CheckResult | undefined> {
  const flakes = new Set(foldersOf(context.target.matching([check.flakes ?? `${check.dir}/**/flake.nix`])));
  const problems = planned.filter(({ folder }) => !flakes.has(folder)).map(({ node, folder }) => `${folder} (node ${node.name})`);
  if (problems.length > 0) return failed("missing", "text", `nodes without a flake: ${shortened(problems)}`, counts);
  const known = new Set([check.dir, ...planned.map(({ folder }) => folder)]);
  const unplanned = [...flakes].filter((folder) => !known.has(folder));
  if (unplanned.length > 0)
    return failed("mismatch", "text", `${LATTICE_FILE} plans no node for ${shortened(unplanned)}`, counts);
  const absent: string[] = [];
  // What a config node holds is in its kind.
  for (const { node, folder } of planned.filter(({ node }) => node.kind !== "config")) {
    for (const name of check["node-files"] ?? []) {
      const path = posix.join(folder, name);
      const read = context.target.has(path) ? await context.target.read(path) : undefined;
      if (!read?.ok || read.text.trim() === "") absent.push(`${path}${read?.ok ? " (empty)" : ""} of node ${node.name}`);
    }
  }
  return absent.length > 0 ? failed("missing", "text", `nodes lack ${shortened(absent)}`, counts) : undefined;
}

async function judgeFlakes(check: Steps, planned: Planned, counts: Counts, context: CheckContext): Promise<CheckResult> {
  const timeoutMs = check.timeout * 1000;
  if (!context.target.has(posix.join(check.dir, "flake.nix")))
    return failed("missing", "text", `${check.dir} has no flake.nix, the root that joins the nodes`, counts);
  const declared = await readInputs([...planned.map(({ folder }) => folder), check.dir], timeoutMs, context);
  if ("result" in declared) return declared.result;
  const read = await readNodes(declared.value, timeoutMs, context);
  if ("result" in read) return read.result;
  const byFolder = new Map(read.value.map((node) => [node.folder, node]));
  const root = byFolder.get(check.dir);
  const nodes = planned.flatMap(({ node, folder }): (PlannedNode & { readonly node: Node })[] => {
    const seen = byFolder.get(folder);
    return seen === undefined ? [] : [{ name: node.name, depends: node.depends, node: seen }];
  });
  const kindOf = new Map(planned.map(({ node, folder }) => [folder, node.kind]));
  const isConfig = ({ folder }: Node): boolean => kindOf.get(folder) === "config";
  const stubs = nodes.filter(({ node }) => node.idle && !isConfig(node)).map(({ node }) => node.folder);
  if (stubs.length > 0) {
    const reason = `${shortened(stubs)}: the builder only makes folders, writes texts or copies files`;
    return vacuous("stub", "eval", reason, counts);
  }
  const configs = nodes.filter(({ node }) => isConfig(node)).length;
  if (configs > nodes.length - configs) {
    const reason = `${configs} of ${nodes.length} nodes only hold a config: fewer nodes do something than that`;
    return vacuous("stub", "eval", reason, counts);
  }
  const unjoined = nodes.filter(({ node }) => root?.uses.has(node.folder) !== true).map(({ name }) => name);
  if (root && unjoined.length === nodes.length)
    return vacuous("empty", "eval", `the root flake ${posix.join(check.dir, "flake.nix")} joins none of the nodes`, counts);
  const shared = sharedDerivations(read.value);
  if (shared.length > 0) return failed("mismatch", "eval", shortened(shared), counts);
  const problems = [...planProblems(nodes), ...unjoined.map((name) => `the root flake does not build on node ${name}`)];
  if (problems.length > 0) return failed("mismatch", "eval", shortened(problems), counts);
  if (!check.build) return passed("eval", `${nodes.length} nodes, each by itself, and the root that joins them`, counts);
  const built = await buildNodes(read.value, counts, timeoutMs, context);
  if ("result" in built) return built.result;
  const copies = await copiedOutputs(nodes, built.value, counts, timeoutMs, context);
  return copies ?? passedWith(`${nodes.length} nodes build, and the root that joins them`, counts, built.value.get(check.dir));
}

/** Two nodes whose outputs are the same byte by byte are one node twice. */
async function copiedOutputs(
  nodes: readonly { readonly node: Node }[],
  outputs: Outputs,
  counts: Counts,
  timeoutMs: number,
  context: CheckContext,
): Promise<CheckResult | undefined> {
  const pathsOf = ({ node }: { readonly node: Node }): readonly string[] => Object.values(outputs.get(node.folder) ?? {}).sort();
  const hashes = await evaluator(context).narHashes(nodes.flatMap(pathsOf), timeoutMs);
  if (!hashes.ok) return failureOfNix(hashes, "comparing what the nodes build", counts);
  const first = new Map<string, string>();
  const copies: string[] = [];
  for (const each of nodes) {
    const key = pathsOf(each)
      .map((path) => hashes.value[path] ?? path)
      .join(" ");
    const other = first.get(key);
    if (other === undefined) first.set(key, each.node.folder);
    else copies.push(`${each.node.folder} builds the same as ${other}`);
  }
  return copies.length > 0 ? failed("mismatch", "build", shortened(copies), counts) : undefined;
}
