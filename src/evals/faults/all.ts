import type { Draw } from "../draw.ts";
import type { GoodRepository, Planted, Planter, Supply } from "./fault.ts";
import { buildScripts } from "./planters/build/build-scripts.ts";
import { gitMetadata } from "./planters/build/git-metadata.ts";
import { native } from "./planters/build/native.ts";
import { programsUnderTest } from "./planters/build/programs-under-test.ts";
import { resources } from "./planters/build/resources.ts";
import { toolchain } from "./planters/build/toolchain.ts";
import { hashes } from "./planters/dependencies/hashes.ts";
import { lockFile } from "./planters/dependencies/lock-file.ts";
import { sources } from "./planters/dependencies/sources.ts";
import { expressions } from "./planters/flake/expressions.ts";
import { inputs } from "./planters/flake/inputs.ts";
import { refusedSettings } from "./planters/flake/refused-settings.ts";
import { visibility } from "./planters/flake/visibility.ts";

/** Every planter, in the order of the field notes' table. */
export const PLANTERS: readonly Planter[] = [
  ...visibility,
  ...native,
  ...toolchain,
  ...hashes,
  ...lockFile,
  ...sources,
  ...gitMetadata,
  ...programsUnderTest,
  ...buildScripts,
  ...resources,
  ...refusedSettings,
  ...expressions,
  ...inputs,
].sort((a, b) => (a.row || 99) - (b.row || 99));

export const planterNamed = (name: string): Planter | undefined => PLANTERS.find((planter) => planter.name === name);

/** The row whose fault is such a hash itself. */
const HASHES = 4;

/**
 * Plants one fault and no second one: where the flake holds one hash of all dependencies, a dependency more would make that hash wrong as well.
 */
export function plant(planter: Planter, repository: GoodRepository, draw: Draw, supply: Supply): Planted | undefined {
  const planted = planter.plant(repository, draw, supply);
  // Without a lock file nothing is compared with the hash.
  if (!planted || planter.row === HASHES || typeof planted.edits["Cargo.lock"] !== "string") return planted;
  const hashed = Object.entries(repository.files).some(([path, text]) => path.endsWith(".nix") && /\bcargoHash = "/u.test(text));
  return hashed ? undefined : planted;
}
