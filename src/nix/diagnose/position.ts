import type { Position } from "../diagnosis.ts";

/** How Nix names files of the flake that is judged: its folder (2.34) or its copy in the store (2.26). */
export interface OwnPlaces {
  /** Absolute folder of the flake's git worktree; several where links lead to it. */
  readonly roots: readonly string[];
  /** `/nix/store/HASH-source` of the flake itself, when seen. */
  readonly storeCopy?: string;
}

/** Path inside the flake, or undefined for a file of another tree. */
export function ownPath(file: string, { roots, storeCopy }: OwnPlaces): string | undefined {
  for (const root of storeCopy === undefined ? roots : [storeCopy, ...roots]) {
    if (file.startsWith(`${root}/`)) return file.slice(root.length + 1);
  }
  return undefined;
}

const FRAME = /(?:^|\s)at ((?:\/|«)[^\n]*?):(\d+):(\d+)/gu;

/**
 * The place to look at: Nix's own position where it lies in the flake, else the last frame of the trace that does (frames go from the
 * outside in), else Nix's own position in whatever tree it is.
 */
export function bestPosition(position: Position | undefined, text: string, places: OwnPlaces): Position | undefined {
  if (position) {
    const own = ownPath(position.file, places);
    if (own !== undefined) return { ...position, file: own };
  }
  let last: Position | undefined;
  for (const [, file = "", line, column] of text.matchAll(FRAME)) {
    const own = ownPath(file, places);
    if (own !== undefined) last = { file: own, line: Number(line), column: Number(column) };
  }
  return last ?? position;
}
