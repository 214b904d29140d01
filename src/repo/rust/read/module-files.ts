import { posix } from "node:path";
import type { SourceFile } from "./model.ts";

/** Where `mod x;` of a file looks: a.rs and a/mod.rs, below the folder that the module owns (the Rust reference, "Modules"). */
export interface Place {
  readonly file: SourceFile;
  readonly folder: string;
}

/** `attribute` is what `#[path]` says: on a module without a body it counts from the folder of its file. */
export const filesOf = (name: string, attribute: string | undefined, { file, folder }: Place): readonly string[] =>
  attribute === undefined
    ? [posix.join(folder, `${name}.rs`), posix.join(folder, name, "mod.rs")]
    : [posix.join(posix.dirname(file.path), attribute)];

/** The folder that a module with a file of its own owns. */
export const ownedFolder = (name: string, path: string, byAttribute: boolean, { folder }: Place): string =>
  byAttribute || posix.basename(path) === "mod.rs" ? posix.dirname(path) : posix.join(folder, name);
