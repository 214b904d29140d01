import { posix } from "node:path";
import { escapeRegExp } from "../../sources/program-answers.ts";
import { MACHINE_ROOT } from "../records.ts";

/** From the machine's paths to those of records. Pure. */

export interface Layout {
  /** Folders of the project's files: as given, and with links resolved. */
  readonly source: readonly string[];
  /** Folders of what the build writes where they are others than the source's. */
  readonly build: readonly string[];
  /** Folders of foreign crates, each with its `NAME-VERSION`. */
  readonly crates: ReadonlyMap<string, string>;
  readonly toolchain: readonly string[];
  /** The wrappers' folder: a tool named by its wrapper is its name. */
  readonly wrappers: string;
  /** The project's files before the build, relative to the source. */
  readonly sources: ReadonlySet<string>;
  /** Files that steps wrote, absolute. */
  readonly written: ReadonlySet<string>;
}

/** Writes paths as records have them. */
export interface Places {
  /** A file that a step wrote. */
  output(path: string): string;
  /** A file that a step read; `built`: a step wrote it. undefined for what records leave out (the toolchain, the system). */
  input(path: string, built: boolean): string | undefined;
  /** A folder to stand in. */
  folder(path: string): string;
  /** A word of a command line, or a value of a variable, with paths anywhere in it. */
  text(text: string, of: "argument" | "variable"): string;
}

/** Folders below which paths belong to a person or to one machine; the others of the file system's standard are the same everywhere. */
const PRIVATE =
  /(?<=^|(?:^|[\s,=])-[A-Za-z]+|[^\w.@}~/-])\/(?:home|Users|root|data|mnt|media|srv|tmp|private|Volumes|workspace|work|run\/user|var\/folders|var\/tmp)(?:\/[^\s"',:;=)]*)?/gu;

export function places(layout: Layout): Places {
  const folders = foldersWithFiles(layout);
  const roots = [
    ...layout.source.map((prefix) => ({ prefix, kind: "source" as const })),
    ...layout.build.map((prefix) => ({ prefix, kind: "build" as const })),
    ...[...layout.crates].map(([prefix, name]) => ({ prefix, kind: "crate" as const, name })),
    ...layout.toolchain.map((prefix) => ({ prefix, kind: "toolchain" as const })),
    { prefix: layout.wrappers, kind: "wrappers" as const },
  ].sort((a, b) => b.prefix.length - a.prefix.length);

  const find = (path: string) => roots.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  const rest = (path: string, prefix: string): string => path.slice(prefix.length).replace(/^\/+/u, "");
  const join = (root: string, below: string): string => (below === "" ? root : `${root}/${below}`);

  const place = (path: string, inTree: (below: string) => "@source@" | "@build@"): string => {
    const root = find(path);
    if (root === undefined) return path.replace(PRIVATE, (found) => `${MACHINE_ROOT}/${posix.basename(found)}`);
    const below = rest(path, root.prefix);
    switch (root.kind) {
      case "source":
        return join(inTree(below), below);
      case "build":
        return join("@build@", below);
      case "crate":
        return join(`@crates@/${root.name}`, below);
      case "toolchain":
        return join("@toolchain@", below);
      case "wrappers":
        return below;
    }
  };

  const isSource = (below: string): boolean => below === "" || layout.sources.has(below) || folders.source.has(below);
  const word = (path: string, of: "argument" | "variable"): string =>
    place(path, (below) => {
      if (!isSource(below)) return "@build@";
      // A folder with files of both kinds: the build's tree shows both.
      if (of === "variable" || layout.sources.has(below)) return "@source@";
      return (below === "" ? folders.writtenIn : folders.writtenBelow).has(below) ? "@build@" : "@source@";
    });

  /** One path from end to end: with no mark that lists have, or known by that very name. */
  const isOnePath = (text: string): boolean => {
    const root = find(text);
    if (root === undefined) return false;
    const below = rest(text, root.prefix);
    return !/[\s"',:;=]/u.test(below) || layout.sources.has(below) || layout.written.has(text);
  };

  const anyRoot = new RegExp(
    `(?<=^|(?:^|[\\s,=])-[A-Za-z]+|[^\\w.@}~/-])(?:${roots.map(({ prefix }) => escapeRegExp(prefix)).join("|")})(?![\\w.-])(?:/[^\\s"',:;=]*)?`,
    "gu",
  );
  return {
    output: (path) => place(path, () => "@build@"),
    input: (path, built) => {
      const root = find(path);
      if (root === undefined || root.kind === "toolchain" || root.kind === "wrappers") return undefined;
      return place(path, (below) => (built || !layout.sources.has(below) ? "@build@" : "@source@"));
    },
    folder: (path) => place(path, (below) => (isSource(below) ? "@source@" : "@build@")),
    text: (text, of) => {
      if (isOnePath(text)) return word(text, of);
      return text
        .replace(anyRoot, (found) => word(found.replace(/(?<=.)\/+$/u, ""), of))
        .replace(PRIVATE, (found) => `${MACHINE_ROOT}/${posix.basename(found)}`);
    },
  };
}

function foldersWithFiles({ sources, written, source, build }: Layout) {
  const above = (path: string): readonly string[] => {
    const found: string[] = [];
    for (let folder = posix.dirname(path); folder !== "." && folder !== "/"; folder = posix.dirname(folder)) found.push(folder);
    return [...found, ""];
  };
  const below = [...written].flatMap((path) => {
    const root = source.find((prefix) => path.startsWith(`${prefix}/`));
    return root === undefined || build.some((prefix) => path.startsWith(`${prefix}/`)) ? [] : [path.slice(root.length + 1)];
  });
  return {
    source: new Set([...sources].flatMap(above)),
    writtenBelow: new Set(below.flatMap(above)),
    writtenIn: new Set(below.map((path) => posix.dirname(path).replace(/^\.$/u, ""))),
  };
}
