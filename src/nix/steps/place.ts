import { posix } from "node:path";

/** Paths of records: `@ROOT@/REST`. Pure. */

export type Root = "source" | "build" | "crates" | "toolchain";

export interface Placed {
  readonly root: Root;
  /** Below the root, without `.` and `..`; empty for the root itself. */
  readonly rest: string;
}

const PLACED = /^@(?<root>source|build|crates|toolchain)@(?:\/(?<rest>[\s\S]*))?$/u;

/** undefined: below no root, or it leaves its root. */
export function placed(path: string): Placed | undefined {
  const groups = PLACED.exec(path)?.groups;
  const root = groups?.root;
  if (root !== "source" && root !== "build" && root !== "crates" && root !== "toolchain") return undefined;
  const rest = posix.normalize(groups?.rest ?? "").replace(/\/$/u, "");
  if (rest === ".." || rest.startsWith("../") || rest.startsWith("/") || rest.includes("\0")) return undefined;
  return { root, rest: rest === "." ? "" : rest };
}

/** First folders below `@crates@` that a word names, wherever it names them: `itoa-1.0.18`. */
export const cratesIn = (word: string): readonly string[] =>
  [...word.matchAll(/@crates@\/([^/\s:=,"']+)/gu)].map((found) => found[1] ?? "");

/**
 * A path of the recording machine in a word: one that the recorder could not place (`@machine@`), or an absolute one. `/dev/null` and its
 * like exist in a build as well.
 */
export function machinePath(word: string): string | undefined {
  if (word.includes("@machine@")) return word;
  const absolute = /(?:^|[=,]|^-[A-Za-z]+)(?<path>\/(?!dev\/(?:null|stdin|stdout|stderr|zero)\b)[\w.+-]+\/[^\s:]*)/u.exec(word);
  return absolute?.groups?.path;
}
