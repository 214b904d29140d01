import { survey } from "../../../repo/survey.ts";

/**
 * Names of the project's own packages, by which a failing derivation of the project is told from one of nixpkgs. Read once; a project
 * without Cargo has none.
 */
export async function cargoNames(root: string): Promise<() => readonly string[]> {
  const names = await survey(root, { ref: "HEAD" }).then(
    ({ cargo }) => cargo?.packages.flatMap((pkg) => [pkg.name, ...pkg.binaries.map((binary) => binary.name)]) ?? [],
    // A folder without git has no HEAD; its packages are then told by their position in the flake alone.
    () => [],
  );
  return () => names;
}
