import { join } from "node:path";

/** The program that a trial runs. */
export interface Program {
  /** Folder of its package.json. */
  readonly root: string;
  readonly node: string;
  /** Its first file. */
  readonly file: string;
  /** What it consists of, relative to the root; the first is the code. */
  readonly shown: readonly [code: string, ...rest: string[]];
}

/**
 * The build, where this program itself runs from the build, else the source tree: a build beside a source tree may be of another day, and
 * what is measured is what was started.
 */
export function programOf(root: string): Program {
  const built = import.meta.filename.endsWith(".js");
  const code = built ? "dist" : "src";
  return {
    root,
    node: process.execPath,
    file: join(root, code, built ? "bin.js" : "bin.ts"),
    shown: [code, "prompts", "package.json", "node_modules"],
  };
}
