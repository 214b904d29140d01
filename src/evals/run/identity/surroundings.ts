import { type Host, missingNix } from "../../../system/environment/host.ts";
import { loadContent } from "../../../world/content/content.ts";
import { toolchainFingerprint } from "../../../world/open.ts";
import { WorldError } from "../../../world/problem.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import type { Machine } from "../../trial/machine.ts";
import { RunError } from "../folder/run-folder.ts";

/** What trials run in, by its hashes. */
export interface Surroundings {
  readonly world: TrialRow["world"];
  /** What tasks may need; undefined: no world, so anything may be there. */
  readonly provides: readonly string[] | undefined;
  readonly toolchain: string;
  /** Versions of what the machine lends a world, by its names. */
  readonly lent: Readonly<Record<string, string>>;
  readonly nix: string;
  readonly isolation: TrialRow["isolation"];
}

/** No folder, no hash. */
const NO_WORLD = "0";

/**
 * @throws RunError (exit 2) without a Nix that can be used
 * @throws WorldError for a folder that is no world
 */
export async function surroundingsOf(machine: Machine): Promise<Surroundings> {
  const { host, world, isolation } = machine;
  const missing = missingNix(host);
  if (missing !== undefined || !host.nix) throw new RunError("no-nix", missing ?? "Nix is missing", [], 2);
  const common = { nix: host.nix.version, isolation, lent: host.toolchain };
  if (world.mode === "live")
    return {
      ...common,
      world: { name: "live", hash: NO_WORLD, mode: "live" },
      provides: undefined,
      toolchain: nativeToolchain(host),
    };
  const { content, problems } = await loadContent(world.directory);
  if (!content || (world.mode === "replay" && problems.length > 0)) throw new WorldError("content", problems);
  return {
    ...common,
    // A world that is being recorded grows with every trial: its hash would say nothing.
    world: { name: content.manifest.name, hash: world.mode === "record" ? NO_WORLD : content.hash, mode: world.mode },
    provides: world.mode === "record" ? undefined : content.manifest.provides,
    toolchain: toolchainFingerprint(content, host),
  };
}

const nativeToolchain = ({ system }: Host): string => system;
