import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../program/world.ts";
import { type RunFence, runFences } from "./run-fences.ts";

export interface Guide {
  /** Path from the repository's root. */
  readonly name: string;
  readonly fences: readonly RunFence[];
  /** One of its fences takes long, and they build on one another. */
  readonly slow: boolean;
}

/** The guides that have fences to run. */
export const GUIDES: readonly Guide[] = readdirSync(join(PACKAGE_ROOT, "docs", "guides"))
  .filter((file) => file.endsWith(".md"))
  .sort()
  .flatMap((file): Guide[] => {
    const name = `docs/guides/${file}`;
    const fences = runFences(readFileSync(join(PACKAGE_ROOT, name), "utf8"));
    return fences.length === 0 ? [] : [{ name, fences, slow: fences.some((fence) => fence.slow) }];
  });
