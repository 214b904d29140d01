import { posix } from "node:path";
import { LATTICE_FILE, parseLattice } from "../../nix/lattice/plan.ts";
import { readWorktreeFile, trackedFiles } from "../../nix/mechanics/worktree-files.ts";
import { programName } from "../../nix/steps/program-names.ts";
import { parseRecords, type StepRecord } from "../../repo/steps/records.ts";
import type { FlakeGraphs, Recording, SplitFacts } from "../../tools/contract.ts";
import { splitOf } from "../lattice/split-crate.ts";
import { generateFrom } from "../work/generate/step-flakes.ts";

/** What many small flakes can be made of: committed records of a build, lattices that are planned, and the items of a crate. */

export interface GraphQuestion {
  /** Absolute; a git worktree. */
  readonly directory: string;
  /** Of the wish, or of the CRQ that is carried out. */
  readonly text: string;
  readonly kind: string | undefined;
  /** Folders of the packages that are no workspace alone, the root first. */
  readonly crates: readonly string[];
  readonly nixpkgs: string;
  readonly system: string;
}

/** undefined for a request that is about neither. */
export async function flakeGraphs(question: GraphQuestion): Promise<FlakeGraphs | undefined> {
  const { kind, text } = question;
  const [lattice, steps] = kind === undefined ? [LATTICE.test(text), STEPS.test(text)] : [kind === "lattice", kind === "steps"];
  if (!lattice && !steps) return undefined;
  const crate = lattice ? await splitFacts(question) : undefined;
  return {
    recordings: steps ? await recordings(question) : [],
    lattices: lattice ? await lattices(question.directory) : [],
    ...(crate && { crate }),
  };
}

const LATTICE = /\blattice\b/iu;
const STEPS = /\bsteps?\b|\bbootstrap\b|\brecord(?:ed|s|ing)?\b|\bcompiler (?:call|invocation)s?\b/iu;

/** Other JSON Lines are not looked into beyond their first one. */
const FIRST_RECORD = /^\s*\{[^\n]*"schema"\s*:\s*"crq-step\/1"/u;

async function recordings({ directory, nixpkgs, system }: GraphQuestion): Promise<readonly Recording[]> {
  const byFolder = new Map<string, StepRecord[]>();
  for (const path of await trackedFiles(directory, "*.jsonl")) {
    const text = (await readWorktreeFile(directory, path)) ?? "";
    if (!FIRST_RECORD.test(text)) continue;
    const folder = posix.dirname(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), ...parseRecords(path, text).records]);
  }
  return Promise.all(
    [...byFolder].map(async ([folder, records]): Promise<Recording> => {
      const ran = records.filter(({ exit, outputs }) => exit === 0 && outputs.length > 0);
      const generated = await generateFrom({ directory, folder, nixpkgs, nixpkgsLock: undefined, systems: [system] });
      const problems = generated.ok ? [] : generated.problems.map(({ place, message }) => `${place}: ${message}`);
      return { folder, steps: ran.length, programs: programsOf(ran), problems };
    }),
  );
}

/** What the steps made that no other step needs. */
function programsOf(records: readonly StepRecord[]): readonly string[] {
  const needed = new Set(records.flatMap(({ depends }) => depends));
  const last = records.filter(({ id }) => !needed.has(id));
  return [...new Set(last.flatMap((record) => record.outputs.flatMap((output) => programName(record, output) ?? [])))];
}

async function lattices(directory: string): Promise<FlakeGraphs["lattices"]> {
  const paths = (await trackedFiles(directory, `*${LATTICE_FILE}`)).filter((path) => posix.basename(path) === LATTICE_FILE);
  return Promise.all(
    paths.map(async (path) => {
      const read = parseLattice(path, (await readWorktreeFile(directory, path)) ?? "");
      const folder = posix.dirname(path);
      return read.ok
        ? { folder, nodes: read.lattice.nodes.length, problems: [] }
        : { folder, nodes: 0, problems: read.problems.map(({ line, message }) => `line ${line}: ${message}`) };
    }),
  );
}

/** Only where one crate is meant: which of several, nobody says. */
async function splitFacts({ directory, crates }: GraphQuestion): Promise<SplitFacts | undefined> {
  const [folder, ...more] = crates;
  if (folder === undefined || more.length > 0) return undefined;
  const split = await splitOf(directory, folder);
  if (!split.ok) return { folder, nodes: 0, leftOut: [], problem: `${split.problem}. ${split.next}` };
  const needed = new Set(split.nodes.flatMap(({ depends }) => depends));
  const [top, ...others] = split.nodes.filter(({ name }) => !needed.has(name));
  return {
    folder,
    nodes: split.nodes.length,
    ...(top &&
      others.length === 0 && { join: { name: top.name, program: split.files.get(top.name)?.["main.rs"] !== undefined } }),
    leftOut: split.leftOut.map(({ item, file, line, reason }) => `${item} (${file}:${line}: ${reason})`),
  };
}
