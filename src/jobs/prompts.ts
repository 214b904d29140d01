import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fill } from "../agent/prompt.ts";

/** The prompt files of the package, read once and filled. */
export interface Prompts {
  text(name: string, slots?: Readonly<Record<string, string>>): Promise<string>;
}

/** @param packageRoot folder that holds `prompts/` */
export function openPrompts(packageRoot: string): Prompts {
  const cache = new Map<string, Promise<string>>();
  return {
    async text(name, slots = {}) {
      const file = join(packageRoot, "prompts", `${name}.md`);
      const read = cache.get(name) ?? readFile(file, "utf8");
      cache.set(name, read);
      return fill((await read).trimEnd(), slots);
    },
  };
}
