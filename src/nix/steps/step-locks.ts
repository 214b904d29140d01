import type { LockNode } from "../lock.ts";
import type { FlakeSettings } from "./step-flake.ts";

/**
 * Texts of flake.lock as Nix 2.26 writes them for these inputs: a relative path is locked by its parent's tree and has no hash of its own,
 * so one lock of nixpkgs gives them all. Pure.
 */
export function stepLock(
  folders: readonly string[],
  where: (folder: string) => string,
  nixpkgs: LockNode,
  { belowOf }: FlakeSettings,
): string {
  const nodes = new Map<string, unknown>([
    ["nixpkgs", nixpkgs],
    ["root", { inputs: Object.fromEntries(["nixpkgs", ...folders].map((name) => [name, name])) }],
    ...folders.map((folder): [string, unknown] => {
      const source = { path: where(folder), type: "path" };
      const follows = ["nixpkgs", ...(belowOf.get(folder) ?? [])];
      return [
        folder,
        { inputs: Object.fromEntries(follows.map((name) => [name, [name]])), locked: source, original: source, parent: [] },
      ];
    }),
  ]);
  const sorted = Object.fromEntries([...nodes].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ nodes: sorted, root: "root", version: 7 }, undefined, 2)}\n`;
}
