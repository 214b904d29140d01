import { posix } from "node:path";
import { z } from "zod";
import { BUILDER_BINDINGS, builderFact } from "../../crq/criteria/judge/builders/builder-facts.ts";
import { isStub } from "../../crq/criteria/judge/builders/stub-builder.ts";
import { nixString } from "../../nix/attribute-path.ts";
import type { NodeFiles } from "../../nix/lattice/generate.ts";
import { folderOf, LATTICE_FILE, type LatticeNode } from "../../nix/lattice/plan.ts";
import { judgeLattice } from "../../nix/lattice/policy.ts";
import { readWorktreeFile, trackedFiles } from "../../nix/mechanics/worktree-files.ts";
import type { InputPolicy } from "../../nix/policy/policy.ts";
import { directoryOf, inRepository, type LatticePlaceOnDisk, type ReadLattice, staleFlakes } from "./tree.ts";

/** What is wrong with a lattice, found by its plan, its files and an evaluation of each node by itself. */

export interface LatticeFinding {
  readonly severity: "error" | "warning";
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly next: string;
}

export interface CheckedLattice {
  readonly findings: readonly LatticeFinding[];
  /** By node: the derivation of its default package, where it evaluates by itself. */
  readonly derivations: ReadonlyMap<string, string>;
  /** Why something could not be looked at here. */
  readonly unavailable: string | undefined;
}

export interface LatticePolicy {
  readonly inputs: InputPolicy | undefined;
  /** ISO date. */
  readonly today: string;
}

/** Evaluations that run beside each other. */
const BESIDE = 2;

export async function checkLattice(place: LatticePlaceOnDisk, read: ReadLattice, policy: LatticePolicy): Promise<CheckedLattice> {
  const { folder, nix } = place;
  const { lattice } = read;
  const plan = inRepository(folder, LATTICE_FILE);
  const error = (rule: string, file: string, message: string, next: string, line = 1): LatticeFinding => ({
    severity: "error",
    rule,
    file,
    line,
    message,
    next,
  });
  const findings: LatticeFinding[] = [];
  if (lattice.nodes.length === 0)
    findings.push(error("no-nodes", plan, "the plan has no node", "Add one with `crq-agent lattice add NAME`."));
  findings.push(...(await missingFiles(place, read, error)));
  for (const { path, before, own } of await staleFlakes(place, read)) {
    const next = own
      ? "It was not made from lattice.toml; move it away, or take its node out of the plan."
      : "Write it again with `crq-agent lattice check --fix`.";
    const what = before === undefined ? "is missing" : own ? "is somebody's own flake" : "differs from what lattice.toml gives";
    findings.push(error(before === undefined ? "missing-node" : "stale-flake", path, what, next));
  }
  for (const path of await unplanned(place, lattice.nodes))
    findings.push(
      error("unplanned-node", path, "is a flake that lattice.toml does not name", "Add its node to the plan, or remove it."),
    );
  if (policy.inputs)
    for (const { severity, rule, file, message, next } of judgeLattice(lattice, folder, policy.inputs, policy.today))
      findings.push({ severity, rule: `input-policy/${rule}`, file, line: 1, message, next });
  const derivations = new Map<string, string>();
  if (!lattice.systems.includes(nix.system)) {
    const unavailable = `this machine is ${nix.system}, the lattice is for ${lattice.systems.join(", ")}; no node was evaluated`;
    return { findings, derivations, unavailable };
  }
  let unavailable: string | undefined;
  // What its files already show to be wrong says nothing more when it is evaluated.
  const broken = new Set(findings.map(({ file }) => posix.dirname(file)));
  const waiting = ["." as const, ...lattice.nodes].filter((node) => !broken.has(inRepository(folder, flakeOf(node))));
  const work = async (): Promise<void> => {
    for (let node = waiting.shift(); node !== undefined && unavailable === undefined; node = waiting.shift()) {
      const path = posix.join(inRepository(folder, flakeOf(node)), "flake.nix");
      const answer = await evaluateAlone(place, flakeOf(node));
      if ("unavailable" in answer) unavailable = answer.unavailable;
      else if ("message" in answer)
        findings.push(error("evaluation", answer.file ?? path, answer.message, answer.next, answer.line));
      else if (node !== ".") {
        derivations.set(node.name, answer.drvPath);
        const why = stubReason(node, answer.stub, read.files.get(node.name) ?? {});
        if (why !== undefined) findings.push(error("stub", path, why, "Give the node the work that its name promises."));
      }
    }
  };
  await Promise.all(Array.from({ length: BESIDE }, work));
  for (const [name, drvPath] of derivations) {
    const first = [...derivations].find(([, other]) => other === drvPath)?.[0];
    if (first !== undefined && first !== name)
      findings.push(
        error("same-derivation", plan, `"${name}" and "${first}" are one derivation`, "Give each node a feature of its own."),
      );
  }
  return { findings: inOrder(findings), derivations, unavailable };
}

const flakeOf = (node: "." | LatticeNode): string => (node === "." ? node : folderOf(node));

/** A fault of a node is met again by each flake that takes it; it is told once. */
const inOrder = (findings: readonly LatticeFinding[]): readonly LatticeFinding[] =>
  [...new Map(findings.map((finding) => [JSON.stringify([finding.file, finding.line, finding.message]), finding])).values()].sort(
    (a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1),
  );

type MakeFinding = (rule: string, file: string, message: string, next: string, line?: number) => LatticeFinding;

/** What a node must carry, and its lock. */
async function missingFiles(
  { workspace, folder }: LatticePlaceOnDisk,
  { lattice, files }: ReadLattice,
  error: MakeFinding,
): Promise<readonly LatticeFinding[]> {
  const findings: LatticeFinding[] = [];
  const lockNext = "Write it with `crq-agent lattice check --fix`.";
  for (const node of lattice.nodes) {
    const at = inRepository(folder, folderOf(node));
    const has = (name: string): boolean => Object.hasOwn(files.get(node.name) ?? {}, name);
    const missing = {
      config: () => (has("config.toml") ? [] : ["config.toml"]),
      crate: () => [...(has("Cargo.toml") ? [] : ["Cargo.toml"]), ...(has("lib.rs") || has("main.rs") ? [] : ["lib.rs"])],
      nix: () => (has("node.nix") ? [] : ["node.nix"]),
    }[node.kind]();
    for (const name of missing)
      findings.push(
        error(
          "missing-node",
          `${at}/${name}`,
          `the node "${node.name}" has no ${name}`,
          "Write it, or take the node out of the plan.",
        ),
      );
    if ((await readWorktreeFile(workspace.directory, `${at}/flake.lock`)) === undefined && missing.length === 0)
      findings.push(error("no-lock", `${at}/flake.lock`, `the node "${node.name}" has no flake.lock`, lockNext));
  }
  const root = inRepository(folder, "flake.lock");
  if ((await readWorktreeFile(workspace.directory, root)) === undefined)
    findings.push(error("no-lock", root, "the root flake has no flake.lock", lockNext));
  return findings;
}

async function unplanned({ workspace, folder }: LatticePlaceOnDisk, nodes: readonly LatticeNode[]): Promise<readonly string[]> {
  const planned = new Set(["config", "generated", "nodes"]);
  const known = new Set([".", ...nodes.map(folderOf)].map((flake) => posix.join(folder, flake, "flake.nix")));
  const tracked = await trackedFiles(workspace.directory, folder === "." ? "*flake.nix" : `:(literal)${folder}`);
  // Only where nodes lie: a lattice at the root of a repository does not own all flakes below it.
  return tracked.filter((path) => {
    const [top = ""] = posix.relative(folder, path).split("/");
    return path.endsWith("/flake.nix") && (folder !== "." || planned.has(top)) && !known.has(path);
  });
}

const aloneSchema = z.object({ drvPath: z.string(), fact: builderFact });

type Alone =
  | { readonly drvPath: string; readonly stub: boolean }
  | { readonly unavailable: string }
  | { readonly message: string; readonly next: string; readonly file?: string; readonly line?: number };

/** One flake with its own lock, as if no other asked for it. */
async function evaluateAlone(place: LatticePlaceOnDisk, flake: string): Promise<Alone> {
  const { nix, run } = place;
  const apply = `outputs: let
${BUILDER_BINDINGS}
  package = outputs.packages.\${${nixString(nix.system)}}.default or (throw "the flake has no packages.${nix.system}.default");
in { drvPath = builtins.unsafeDiscardStringContext package.drvPath; fact = builderOf "default" package; }`;
  run.onProgress?.(`evaluating ${flake === "." ? "the root flake" : flake}`);
  const result = await nix.evaluate(directoryOf(place, flake), "", { ...run, apply });
  if (result.ok) {
    const { drvPath, fact } = aloneSchema.parse(result.value);
    return { drvPath, stub: isStub(fact) };
  }
  const [{ message, next, position }] = result.diagnoses;
  if (result.why !== "failed") return { unavailable: message };
  return {
    message,
    next,
    // Nix reads a flake in the tree of its repository, and its positions count from there.
    ...(position && { file: position.file, line: position.line }),
  };
}

/** Comments, inner attributes and a program that does nothing are no code. */
const CODELESS = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|#!\[[^\]]*\]|fn\s+main\s*\(\s*\)\s*\{\s*\}|\s+/g;

function stubReason(node: LatticeNode, stub: boolean, files: NodeFiles): string | undefined {
  switch (node.kind) {
    case "config":
      return (files["config.toml"] ?? "").replace(/#[^\n]*|\s+/g, "") === "" ? "config.toml says nothing" : undefined;
    case "crate":
      return [files["lib.rs"], files["main.rs"]].every((text = "") => text.replace(CODELESS, "") === "")
        ? "the crate holds no code"
        : undefined;
    case "nix":
      return stub ? "its builder does nothing but touch, echo or copy: it would build whatever happens" : undefined;
  }
}
