import { join, relative, resolve, sep } from "node:path";
import { type Config, readConfig } from "../../config.ts";
import type { LatticeFinding, LatticePolicy } from "../../jobs/lattice/check.ts";
import {
  adoptFolder,
  type LatticePlaceOnDisk,
  type LatticeRead,
  type ReadLattice,
  readLattice,
} from "../../jobs/lattice/tree.ts";
import type { NixFailure } from "../../nix/nix.ts";
import { adoptTracked, createWorkspace, locate, removeCopy } from "../../repo/workspace/workspace.ts";
import { newSessionId } from "../../session/store.ts";
import type { Ui } from "../../ui/ui.ts";
import { type CliContext, CommandError, type OutputOptions } from "../wiring/context.ts";
import { type OpenPlace, openPlace } from "../wiring/open-place.ts";
import { workFolderOf } from "../wiring/open-session.ts";
import { withoutLinks } from "../wiring/without-links.ts";
import { worldChoice } from "../wiring/world-choice.ts";

/** What the verbs of a lattice have in common: the lattice in a private copy of the checkout, and Nix. */

export interface LatticeOptions extends OutputOptions {
  readonly repo: string;
  readonly world?: string;
}

export interface OpenLattice {
  readonly place: LatticePlaceOnDisk;
  readonly open: OpenPlace;
  readonly config: Config;
  readonly policy: LatticePolicy;
  readonly root: string;
  /** Files below the lattice's folder that git does not track yet. */
  readonly untracked: readonly string[];
  close(): Promise<void>;
}

/** The folder of a lattice as it is named on the command line, relative to the repository; it may not exist yet. */
export async function latticeFolder(root: string, repo: string, folder: string): Promise<string> {
  const inside = relative(root, await withoutLinks(resolve(repo, folder)))
    .split(sep)
    .join("/");
  if (inside === ".." || inside.startsWith("../") || inside === ".git" || inside.startsWith(".git/"))
    throw new CommandError(
      "outside-repository",
      `${folder}: lies outside of the repository ${root}; a lattice is a folder of it`,
    );
  return inside === "" ? "." : inside;
}

export async function openLattice(context: CliContext, ui: Ui, options: LatticeOptions, folder: string): Promise<OpenLattice> {
  const repo = resolve(context.cwd, options.repo);
  const { root } = await locate(repo);
  const config = await readConfig(root);
  const inside = await latticeFolder(root, repo, folder);
  const id = `lattice-${newSessionId(new Date(context.now()))}`;
  const work = workFolderOf(context, root, id);
  const open = await openPlace(context, { world: worldChoice(options), scratch: join(context.folders.cache, "scratch", id) });
  const close = async (): Promise<void> => {
    await open.close();
    await removeCopy(work);
  };
  try {
    const workspace = await createWorkspace(root, join(work, "tree"), config.crqs);
    await adoptTracked(workspace);
    const untracked = await adoptFolder(workspace, inside);
    const run = { signal: context.signal, onProgress: (text: string) => ui.progress(text) };
    const place = { nix: open.nix, workspace, folder: inside, run };
    const policy = { inputs: config.policy.inputs, today: new Date(context.now()).toISOString().slice(0, 10) };
    return { place, open, config, policy, root, untracked, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Relative inputs are locked without a hash since this version; before, each change of a node asked for new locks above it. */
const OLDEST = [2, 26] as const;

/** @throws CommandError exit 4 where Nix cannot do what a lattice needs */
export function requireNix({ open }: OpenLattice): void {
  const { environment } = open;
  if (environment.nixBin === undefined)
    throw new CommandError("no-nix", environment.missing ?? "Nix is missing; `crq-agent doctor` says how to get it");
  const [major = 0, minor = 0] = (environment.nixVersion ?? "0").split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new CommandError(
      "old-nix",
      `Nix ${environment.nixVersion} is too old for a lattice: relative flake inputs need ${OLDEST.join(".")}; upgrade it (\`nix upgrade-nix\`)`,
    );
}

/** @throws CommandError exit 2 with each problem of lattice.toml */
export async function planOf(place: LatticePlaceOnDisk): Promise<ReadLattice> {
  const found: LatticeRead = await readLattice(place);
  if (found.ok) return found.read;
  const diagnostics = found.problems.map((problem) => ({ severity: "error", rule: "lattice/plan", column: 1, ...problem }));
  const text = found.problems.map(({ file, line, message, next }) => `${file}:${line}: ${message}. ${next}`);
  throw new CommandError("bad-lattice", text.join("\n"), diagnostics);
}

/** The first diagnosis of Nix as an end: 4 where Nix gave no verdict, 130 where a person stopped it. */
export function endedByNix(what: string, { why, diagnoses }: NixFailure): CommandError {
  const [{ message, next }] = diagnoses;
  return new CommandError("lattice-failed", `${what}: ${message}. ${next}`, [], NIX_EXIT[why]);
}

const NIX_EXIT = { failed: 1, timeout: 4, unavailable: 4, aborted: 130 } as const satisfies Record<NixFailure["why"], number>;

/** The envelope's form of a finding. */
export const diagnosticOf = ({ severity, rule, file, line, message, next }: LatticeFinding): unknown => ({
  severity,
  rule: `lattice/${rule}`,
  message: `${message}. ${next}`,
  file,
  line,
  column: 1,
});

export const findingText = ({ severity, rule, file, line, message, next }: LatticeFinding): string =>
  `${severity === "error" ? "✗" : "!"}  ${file}:${line}  ${rule}  ${message}\n   ${next}`;

const SHOWN = 20;

/** Names in a line for people; `--json` has all of them. */
export const shortList = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`;
