import { posix } from "node:path";
import { z } from "zod";
import type { DerivationFile } from "../../../../nix/derivation-file.ts";
import { isLocal, parseFlakeReference } from "../../../../nix/flake-reference.ts";
import type { FlakeInputs } from "../../../../nix/nix.ts";
import type { LatticePlace } from "../../../../nix/policy/lattice-place.ts";
import { graphProblems } from "../../../../repo/dependency-graph.ts";
import { type CheckContext, evaluator } from "../../check/kind.ts";
import { type CheckResult, type Counts, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";
import { factOfDerivation } from "../../judge/builders/derivation-fact.ts";
import { isStub } from "../../judge/builders/stub-builder.ts";
import { judgeWithoutPolicy } from "../../judge/flake-inputs.ts";
import { Derivations } from "../../programs/derivations.ts";
import { firstContent } from "../../programs/store-files.ts";

/** Flakes of one folder that take each other as inputs: what each declares, what its default package is, and what that one uses. */

/** A flake with the folders that its local inputs mean. */
export interface DeclaredNode {
  /** Of its flake, relative to the target. */
  readonly folder: string;
  /** Relative to the target; one that begins with `..` or `/` lies outside. */
  readonly lower: readonly string[];
}

export interface Node extends DeclaredNode {
  readonly drv: string;
  readonly derivation: DerivationFile;
  /** Folders of the nodes whose builds its own build uses. */
  readonly uses: ReadonlySet<string>;
  /** Its builder only makes folders, writes given texts or copies files as they are. */
  readonly idle: boolean;
}

export type Read<T> = { readonly value: T } | { readonly result: CheckResult };

/** Reads the inputs of every flake, and finds what no lock could hold: inputs that are no node, and circles. */
export async function readInputs(
  folders: readonly string[],
  timeoutMs: number,
  context: CheckContext,
): Promise<Read<readonly DeclaredNode[]>> {
  const declared: DeclaredNode[] = [];
  const known = new Set(folders);
  const offending: string[] = [];
  for (const [at, folder] of folders.entries()) {
    const inputs = await evaluator(context).inputs(folder, timeoutMs);
    const counts = { candidates: folders.length, checked: at + 1 };
    if (!inputs.ok) return { result: failureOfNix(inputs, `evaluating the inputs of ${folder}`, counts) };
    declared.push({ folder, lower: inputs.value.inputs.flatMap((input) => localFolder(folder, input.url) ?? []) });
    offending.push(...inputProblems(inputs.value, { folder, nodes: known }, context).map((problem) => `${folder}: ${problem}`));
  }
  const problems = [
    ...declared.flatMap(({ folder, lower }) =>
      lower.filter((other) => !known.has(other)).map((other) => `${folder} takes ${other}, which is no node`),
    ),
    ...graphProblems(declared.map(({ folder, lower }) => ({ id: folder, depends: lower.filter((other) => known.has(other)) }))),
  ];
  const counts = { candidates: folders.length, checked: folders.length };
  if (problems.length > 0) return { result: failed("mismatch", "eval", shortened(problems), counts) };
  return offending.length > 0 ? { result: failed("policy", "eval", shortened(offending), counts) } : { value: declared };
}

/** A node is policed like any flake, but that it may take its neighbours by their paths. */
function inputProblems(flake: FlakeInputs, lattice: LatticePlace, { judgeInputs }: CheckContext): readonly string[] {
  if (!judgeInputs) return judgeWithoutPolicy(flake, lattice);
  return judgeInputs({ flake, lock: undefined, lattice })
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message);
}

/** Evaluates every flake by itself, and reads what its default package is made of. */
export async function readNodes(
  declared: readonly DeclaredNode[],
  timeoutMs: number,
  context: CheckContext,
): Promise<Read<readonly Node[]>> {
  const derivations = new Derivations(context.environment);
  const read: Omit<Node, "uses" | "idle">[] = [];
  for (const [at, node] of declared.entries()) {
    const { folder } = node;
    const counts = { candidates: declared.length, checked: at + 1 };
    const evaluated = await evaluator(context).evaluateAt(folder, defaultPackage(context.system), timeoutMs);
    if (!evaluated.ok) return { result: failureOfNix(evaluated, `evaluating ${folder}`, counts) };
    const { outputs, drv } = answer.parse(evaluated.value);
    if (!outputs) return { result: vacuous("empty", "eval", `the flake in ${folder} has no outputs`, counts) };
    const derivation = drv === null ? undefined : await derivations.read(drv);
    if (drv === null || derivation === undefined) {
      const reason = `the flake in ${folder} has no derivation packages.${context.system}.default`;
      return { result: failed("missing", "eval", reason, counts) };
    }
    read.push({ ...node, drv, derivation });
  }
  const folderOf = new Map(read.map(({ drv, folder }) => [drv, folder]));
  const wanted = new Set(folderOf.keys());
  const nodes: Node[] = [];
  for (const node of read) {
    const used = await derivations.usedBy(node.drv, wanted);
    const built = await derivations.builtFor(node.derivation);
    nodes.push({
      ...node,
      uses: new Set([...used].flatMap((drv) => folderOf.get(drv) ?? [])),
      idle: isStub(factOfDerivation(node.folder, node.derivation, built)),
    });
  }
  return { value: nodes };
}

const answer = z.object({ outputs: z.boolean(), drv: z.string().nullable() });

/** Whether anything stands in the outputs below empty sets (`packages.SYSTEM = { }` is no output), and the default package. */
const defaultPackage = (system: string): string => `outputs: let
  some = depth: value:
    if depth == 0 || !builtins.isAttrs value || (value.type or null) == "derivation" then true
    else builtins.any (name: some (depth - 1) value.\${name}) (builtins.attrNames value);
  default = outputs.packages.${JSON.stringify(system)}.default or null;
  path = if builtins.isAttrs default && (default.type or null) == "derivation" then default.drvPath or "" else "";
in {
  outputs = builtins.any (name: some 2 outputs.\${name}) (builtins.attrNames outputs);
  # One that is made by hand refers to no derivation.
  drv = if builtins.hasContext path then builtins.unsafeDiscardStringContext path else null;
}`;

/** The folder of the target that a local input of `node` means; undefined: not local. */
function localFolder(node: string, url: string | undefined): string | undefined {
  const reference = url === undefined ? undefined : parseFlakeReference(url);
  if (!reference || !isLocal(reference)) return undefined;
  const path = posix.join(reference.path ?? reference.url ?? "", reference.dir ?? "");
  return (posix.isAbsolute(path) ? posix.normalize(path) : posix.join(node, path)).replace(/(?<=.)\/$/, "");
}

/** Two nodes with one derivation are one node. */
export function sharedDerivations(nodes: readonly Node[]): readonly string[] {
  const first = new Map<string, string>();
  return nodes.flatMap(({ drv, folder }) => {
    const other = first.get(drv);
    if (other === undefined) first.set(drv, folder);
    return other === undefined ? [] : [`${folder} builds the same derivation as ${other}`];
  });
}

export type Outputs = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Builds all of them at once: outputs by folder. */
export async function buildNodes(
  nodes: readonly Pick<Node, "folder" | "drv">[],
  counts: Counts,
  timeoutMs: number,
  context: CheckContext,
): Promise<Read<Outputs>> {
  const built = await evaluator(context).buildDerivations(
    nodes.map(({ drv }) => drv),
    timeoutMs,
  );
  if (!built.ok) {
    const failing = built.diagnoses[0].derivation?.drv;
    const folder = nodes.find(({ drv }) => drv === failing)?.folder ?? "the nodes";
    return { result: failureOfNix(built, `building ${folder}`, counts) };
  }
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  for (const { folder, drv } of nodes) {
    const made = built.value.find(({ drvPath }) => drvPath === drv)?.outputs ?? {};
    const contents = await Promise.all(Object.values(made).map((output) => firstContent(context.environment, output)));
    if (contents.every((content) => content === undefined)) {
      const reason = `${folder} builds, but its output holds no non-empty file: a join of nothing`;
      return { result: vacuous("empty", "build", reason, counts) };
    }
    outputs.set(folder, made);
  }
  return { value: outputs };
}

export const foldersOf = (flakes: readonly string[]): readonly string[] => flakes.map((path) => posix.dirname(path)).sort();

const SHOWN = 5;

export const shortened = (items: readonly string[]): string =>
  items.length <= SHOWN ? items.join("; ") : `${items.slice(0, SHOWN).join("; ")}; and ${items.length - SHOWN} more`;

/** A pass that offers what was built to other checks. */
export const passedWith = (reason: string, counts: Counts, outputs: Readonly<Record<string, string>> | undefined): CheckResult =>
  passed("build", reason, counts, outputs && { outputs });
