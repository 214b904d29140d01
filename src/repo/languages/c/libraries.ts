import { LINK_LIBRARIES, PKG_CONFIG_MODULES } from "../../sources/library-names.ts";

/** Libraries that a build asks for by name, and the attribute of nixpkgs that has each, where the table knows it. */

export interface AskedLibrary {
  /** As the build names it: `libcurl`, `-lz`, `ZLIB`. */
  readonly name: string;
  readonly by: "pkg-config" | "linker" | "find_package";
  readonly line: number;
  readonly attribute?: string;
}

/** Modules that CMake ships for `find_package`. */
export const FIND_PACKAGE: Readonly<Record<string, string>> = {
  BZip2: "bzip2",
  CURL: "curl",
  Curses: "ncurses",
  EXPAT: "expat",
  Freetype: "freetype",
  JPEG: "libjpeg",
  LibArchive: "libarchive",
  LibLZMA: "xz",
  LibXml2: "libxml2",
  OpenSSL: "openssl",
  PNG: "libpng",
  PostgreSQL: "libpq",
  SDL2: "SDL2",
  SQLite3: "sqlite",
  X11: "libx11",
  ZLIB: "zlib",
};

/** Part of the C library or of the compiler. */
const WITH_COMPILER = new Set(["m", "c", "pthread", "dl", "rt", "util", "gcc", "gcc_s", "stdc++", "atomic", "resolv"]);
/** Found by CMake without any library. */
const WITHOUT_LIBRARY = new Set(["Threads", "PkgConfig", "Git", "Doxygen"]);

const known = (table: Readonly<Record<string, string>>, name: string): { readonly attribute?: string } => {
  const attribute = Object.hasOwn(table, name) ? table[name] : undefined;
  return attribute === undefined ? {} : { attribute };
};

export const byPkgConfig = (name: string, line: number): AskedLibrary => ({
  name,
  by: "pkg-config",
  line,
  ...known(PKG_CONFIG_MODULES, name),
});

/** `-lNAME`, without what comes with the compiler. */
export const linkedBy = (name: string, line: number): readonly AskedLibrary[] =>
  WITH_COMPILER.has(name) ? [] : [{ name: `-l${name}`, by: "linker", line, ...known(LINK_LIBRARIES, name) }];

export const byFindPackage = (name: string, line: number): readonly AskedLibrary[] =>
  WITHOUT_LIBRARY.has(name) ? [] : [{ name, by: "find_package", line, ...known(FIND_PACKAGE, name) }];

/** `pkg-config --libs NAMES` and `-lNAME` in the lines of a Makefile. */
export function librariesInMakefile(text: string): readonly AskedLibrary[] {
  return unique(
    text.split(/\r?\n/).flatMap((raw, index): AskedLibrary[] => {
      const line = index + 1;
      const content = raw.replace(/^\s*#.*$|\s#.*$/, "");
      const asked = [...content.matchAll(/(?:pkg-config|\$[({]PKG_?CONFIG[)}])\s+(?<words>[^)`|;&]*)/gi)]
        .flatMap(({ groups }) => (groups?.words ?? "").split(/\s+/))
        .filter((word) => /^[A-Za-z][\w.+-]*$/.test(word));
      const linked = [...content.matchAll(/(?<=^|[\s=])-l(?<name>[A-Za-z][\w+.-]*)/g)].flatMap(({ groups }) =>
        linkedBy(groups?.name ?? "", line),
      );
      return [...asked.map((name) => byPkgConfig(name, line)), ...linked];
    }),
  );
}

export const unique = (libraries: readonly AskedLibrary[]): readonly AskedLibrary[] =>
  libraries.filter(({ name }, index) => libraries.findIndex((other) => other.name === name) === index);
