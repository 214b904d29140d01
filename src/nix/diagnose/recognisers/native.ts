import { allMatches, type Evidence, firstMatch, type LineMatch, type Recogniser } from "../finding.ts";
import { plainLinkerLine } from "./linker.ts";

/** Native libraries and the programs that build scripts call. Texts of pkg-config, openssl-sys, bindgen, prost-build, cmake, cc and the linkers. */

/** `openssl-sys v0.9.104` of the build script that failed. */
function failingCrate(evidence: Evidence): string | undefined {
  return evidence.text.match(/failed to run custom build command for `([A-Za-z0-9_-]+) v/u)?.[1];
}

/** Header to the library's usual pkg-config name, where they differ; only ones whose origin is beyond doubt. */
const HEADERS: readonly [RegExp, string][] = [
  [/^openssl\//u, "openssl"],
  [/^zlib\.h$/u, "zlib"],
  [/^sqlite3\.h$/u, "sqlite3"],
  [/^zstd/u, "libzstd"],
  [/^lzma\.h$/u, "liblzma"],
  [/^bzlib\.h$/u, "bzip2"],
  [/^curl\//u, "libcurl"],
  [/^git2/u, "libgit2"],
  [/^libpq|^postgres/u, "libpq"],
  [/^alsa\//u, "alsa"],
  [/^X11\//u, "x11"],
  [/^libudev\.h$/u, "libudev"],
  [/^dbus\//u, "dbus-1"],
  [/^sodium/u, "libsodium"],
];

const headerLibrary = (header: string): string =>
  HEADERS.find(([pattern]) => pattern.test(header))?.[1] ?? header.replace(/[./].*$/u, "");

export const libclang: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /Unable to find libclang|couldn't find any valid shared libraries matching: \['libclang/u) ??
    firstMatch(
      evidence,
      /(?:'(?:stddef|stdarg|stdint|limits|sys\/types|stdio|stdlib)\.h' file not found|fatal error: '(?:stddef|stdarg|stdint|stdio|stdlib|sys\/types)\.h')/u,
    );
  if (!found) return undefined;
  return {
    facts: { kind: "libclang" },
    message: found.line,
    next: "Add rustPlatform.bindgenHook to nativeBuildInputs (of the dependencies' derivation too); it sets LIBCLANG_PATH and the include paths, which a bare LIBCLANG_PATH does not.",
    at: found.at,
  };
};

const GENERATORS =
  "protoc|capnp|flatc|thrift|bison|flex|re2c|asn1c|swig|wasm-bindgen|wasm-pack|tailwindcss|esbuild|npm|node|grpc_[a-z_]+_plugin";

export const generatorMissing: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /Could not find `(protoc)` installation|Could not find `(protoc)`/u) ??
    firstMatch(
      evidence,
      new RegExp(
        `(?:failed to (?:spawn|execute|run|invoke)[^\`']*[\`'"]?|could not find [\`'"]?|unable to find [\`'"]?|Failed to execute [\`'"]?)(${GENERATORS})\\b`,
        "iu",
      ),
    ) ??
    firstMatch(evidence, new RegExp(`(?:^|[\\s:])(${GENERATORS}): (?:command )?not found`, "u")) ??
    firstMatch(evidence, /failed to (?:spawn|execute|run) (?:command: )?[`'"]?(rustfmt)\b/u) ??
    notStarted(evidence, GENERATORS);
  const program = found?.match.slice(1).find((part) => part !== undefined);
  if (!found || program === undefined) return undefined;
  const name = program.toLowerCase();
  return {
    facts: { kind: "generator-missing", program: name },
    message: found.line,
    next:
      name === "protoc"
        ? 'Add protobuf to nativeBuildInputs and set PROTOC = "${pkgs.protobuf}/bin/protoc".'
        : `Add the package that brings '${name}' to nativeBuildInputs (look it up with nix_attr).`,
    at: found.at,
  };
};

/** Program to the nixpkgs attribute that brings it, where the names differ. */
const TOOL_ATTRIBUTES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    make: "gnumake",
    cc: "stdenv.cc",
    gcc: "stdenv.cc",
    "c++": "stdenv.cc",
    "g++": "stdenv.cc",
    clang: "clang",
    python3: "python3",
    m4: "gnum4",
    ld: "binutils",
    ar: "binutils",
    makeinfo: "texinfo",
  }),
);
const TOOLS =
  "cmake|nasm|yasm|perl|go|make|ninja|meson|autoconf|automake|autoreconf|libtool|libtoolize|m4|python3?|git|cc|gcc|g\\+\\+|c\\+\\+|clang|ar|ld|lld|mold|makeinfo|which|patch|tar|unzip|file|pkg-config|bash|sh|jq|awk|sed|xxd";

/** How Rust says ENOENT, which is all that it says of a program that is not there. */
const NO_ENTRY = String.raw`(?:Os \{ code: 2, kind: NotFound|No such file or directory \(os error 2\)|program not found)`;

/** What is opened, read or written is a file, whatever it is called. */
const FILE_VERB = /\b(?:open|read|writ|creat|cop(?:y|ied)|stat|load|find|canonicali|remov|renam|includ)\w*\b/iu;

/**
 * A program and ENOENT behind its name. std's error does not tell of which program it is, so whoever reports it puts the name before it:
 * as a label (`"perl: No such file …"`), in quotes with its arguments, or behind the word for what was tried.
 */
function notStarted(evidence: Evidence, programs: string): LineMatch | undefined {
  const patterns = [
    `(?:^\\s*|["'] ?|\\b[Ee]rror: )(${programs}): ${NO_ENTRY}`,
    `[\`'"](${programs})(?: [^\`'"]*)?[\`'"](?: \\w+)*:? ?\\(?${NO_ENTRY}`,
    `(?:\\b(?:[Rr]un|[Ss]tart|[Ss]pawn|[Ee]xec|[Ii]nvok|[Ll]aunch|[Cc]all)\\w*|\\b(?:[Pp]rogram|[Cc]ommand|[Tt]ool)) (?:the |command |program )?(${programs})(?: \\w+)*:? ?\\(?${NO_ENTRY}`,
  ].map((pattern) => new RegExp(pattern, "u"));
  return patterns
    .flatMap((pattern) => allMatches(evidence, pattern))
    .find(({ line, match }) => !FILE_VERB.test(line.slice(0, line.indexOf(match[0]) + match[0].indexOf(match[1] ?? ""))));
}

export const buildToolMissing: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /Missing dependency: ([a-z0-9+_-]+)/u) ??
    firstMatch(evidence, /is `([^`\s]+)` not installed\?/u) ??
    firstMatch(evidence, /linker `([^`]+)` not found/u) ??
    firstMatch(evidence, /Command '([^']+)' not found\. Is \S+ installed\?/u) ??
    firstMatch(evidence, /[Ff]ailed to find tool\. Is `([^`\s]+)` installed\?/u) ??
    firstMatch(evidence, /Error configuring OpenSSL build:|'(perl)' reported failure/u) ??
    firstMatch(
      evidence,
      new RegExp(
        `(?:failed to (?:spawn|execute|run|start)|[Cc]ould not (?:run|execute|spawn|find)|[Cc]ouldn't (?:run|find)|[Uu]nable to (?:run|execute|spawn|find|start)) (?:command: |process |program )?[\`'"]?(${TOOLS})[\`'"]?(?![A-Za-z0-9_-])(?!.*\\bexit(?:ed with)? (?:status|code))`,
        "u",
      ),
    ) ??
    firstMatch(evidence, new RegExp(`(?:^|[\\s:/])(${TOOLS}): (?:command )?not found`, "u")) ??
    notStarted(evidence, TOOLS) ??
    firstMatch(
      evidence,
      /CMake Error: (?:CMake was unable to find a build program|CMAKE_(?:C|CXX)_COMPILER not set)|Could NOT find (Perl|Python3?|Git)\b/u,
    );
  if (!found) return undefined;
  const named = found.match.slice(1).find((part) => part !== undefined);
  const program = (named ?? (/OpenSSL/u.test(found.line) ? "perl" : /build program/u.test(found.line) ? "make" : "cc"))
    .toLowerCase()
    .replace(/^.*\//u, "");
  if (program === "pkg-config") return undefined;
  const attribute = TOOL_ATTRIBUTES.get(program) ?? program;
  const linker = /linker/u.test(found.line);
  return {
    facts: { kind: "build-tool-missing", program },
    message: found.line,
    next: linker
      ? `The builder has no linker '${program}': build with stdenv.mkDerivation (or the Rust builder of the project), which brings a C compiler, or add ${attribute} to nativeBuildInputs.`
      : `Add ${attribute} to nativeBuildInputs (of the dependencies' derivation too)${program === "cmake" ? "; dontUseCmakeConfigure = true keeps its hook from taking over the configure phase" : ""}.`,
    at: found.at,
  };
};

export const nativeLibrary: Recogniser = (evidence) => {
  const pkgConfig = firstMatch(
    evidence,
    /pkg-config[`'"]? (?:command )?could not be found|[Cc]ould not run [`'"]?(?:PKG_CONFIG_|pkg-config)|pkg-config: (?:command )?not found|is `pkg-config` not installed|Could not find `?pkg-config|pkg_config fail: .*No such file|the `?pkg-config`? command (?:could not be found|was not found)|ensure the pkg-config command is one of the/u,
  );
  const named =
    firstMatch(evidence, /The system library `([^`]+)` required by crate `([^`]+)` was not found/u) ??
    firstMatch(
      evidence,
      /(?:Package|No package) '?([A-Za-z0-9_.+-]+?)'?(?:,? required by '[^']*',? not found|,? (?:was )?not found(?: in the pkg-config search path)?| found$)/u,
    ) ??
    firstMatch(
      evidence,
      /(?:cannot find|unable to find library|library not found for) -l:?(?:lib)?([A-Za-z0-9_+.-]+?)(?:\.so|\.a)?(?::|$|\s)/u,
    ) ??
    firstMatch(evidence, /could not find native static library `([^`]+)`/u);
  const header = named
    ? undefined
    : firstMatch(evidence, /fatal error: ['"]?([A-Za-z0-9_+./-]+\.h(?:pp)?)['"]?(?:: No such file| file not found)/u);
  const openssl =
    (named ?? header) ? undefined : firstMatch(evidence, /Could not find (?:directory of )?(OpenSSL) installation/u);
  const hit = named ?? header ?? openssl ?? pkgConfig;
  if (!hit) return undefined;
  const crate = named?.match[2] ?? failingCrate(evidence);
  // `pkg-config --libs --cflags alsa`: what was asked for, when the program itself is missing.
  const asked = evidence.text.match(/pkg-config(?: --[a-z-]+)+ '?([A-Za-z][A-Za-z0-9_+.-]*)/u)?.[1];
  const library = named?.match[1] ?? (header ? headerLibrary(header.match[1] ?? "") : openssl ? "openssl" : asked);
  const needsPkgConfig = pkgConfig !== undefined;
  const linker = named && / -l/u.test(named.match[0]) ? `: ${plainLinkerLine(named.line)}` : "";
  const inputs = library === undefined ? "the library's package" : `the package of '${library}'`;
  return {
    facts: {
      kind: "native-library",
      ...(crate !== undefined && { crate }),
      ...(library !== undefined && { library }),
      pkgConfigMissing: needsPkgConfig,
    },
    message:
      library === undefined
        ? hit.line
        : `the native library '${library}' was not found${crate === undefined ? "" : ` (needed by ${crate})`}${needsPkgConfig ? "; pkg-config is missing too" : ""}${linker}`,
    next: `Add pkg-config to nativeBuildInputs and ${inputs} to buildInputs, of the dependencies' derivation and of the package alike (look the attribute up with nix_attr).`,
    at: hit.at,
  };
};

/** The loader's own words, whatever then says that it failed for them: a test too. */
export const unloadable: Recogniser = (evidence) =>
  /libclang/u.test(evidence.text) || !/cannot open shared object file/u.test(evidence.text)
    ? undefined
    : runtimeLibrary(evidence);

export const runtimeLibrary: Recogniser = (evidence) => {
  const found =
    firstMatch(evidence, /error while loading shared libraries: ([^\s:]+): cannot open shared object/u) ??
    firstMatch(evidence, /(?:Library not loaded:|dlopen\(?)\s*\S*?([A-Za-z0-9_+.-]+\.(?:dylib|so(?:\.\d+)*))/u) ??
    firstMatch(evidence, /(lib[A-Za-z0-9_+-]+\.so(?:\.\d+)*): cannot open shared object file/u) ??
    firstMatch(evidence, /(?:libloading|DlOpen).*?(lib[A-Za-z0-9_+-]+\.so(?:\.\d+)*)/u) ??
    firstMatch(
      evidence,
      /(?:[Ff]ailed to (?:load|open)|[Cc](?:ould not|ouldn't|annot) (?:load|open)|[Uu]nable to (?:load|open)|dlopen failed:?) .*?(lib[A-Za-z0-9_+-]+\.so(?:\.\d+)*)/u,
    ) ??
    firstMatch(evidence, /\b(NoWaylandLib)\b/u);
  const text = found?.match[1];
  if (!found || text === undefined) return undefined;
  const library = text === "NoWaylandLib" ? "libwayland-client.so" : text;
  return {
    facts: { kind: "runtime-library", library },
    message: `'${library}' is not found when the program starts`,
    next: "What is loaded at run time must be named. The fixup phase drops each rpath that holds no library the program is linked to (NEEDED): so patchelf --add-rpath in postFixup, or wrapProgram with LD_LIBRARY_PATH (lib.makeLibraryPath of the packages), or autoPatchelfHook with runtimeDependencies. Tests that start the program run before that: give them LD_LIBRARY_PATH, too (preCheck).",
    at: found.at,
    stage: evidence.stage === "build" ? "check" : evidence.stage,
  };
};

/** A build script that wants the network. */
export const networkAtBuild: Recogniser = (evidence) => {
  const unvendored = firstMatch(evidence, /location searched: (?!directory source|.*which is replacing).*index/u);
  const found =
    unvendored ??
    firstMatch(
      evidence,
      /Couldn't resolve host|Could not resolve host|failed to lookup address information|Temporary failure in name resolution|dns error|Name or service not known|Network is unreachable|Could not connect to (?:server|host)|\[6\] (?:Could not|Couldn't) resolve|network failure seems to have happened|ENOTFOUND|getaddrinfo/u,
    );
  if (!found) return undefined;
  const url = evidence.text.match(/https?:\/\/[^\s'"`<>)\]]+/u)?.[0]?.replace(/[.,;]$/u, "");
  const fetch = evidence.derivation?.owner === "fetch";
  if (fetch) {
    return {
      facts: { kind: "input-not-found", url: url ?? evidence.derivation?.name ?? "" },
      message: `${url ?? "a source"} could not be reached`,
      next: "Nothing was judged: the network or the host is down. Try again, or use a world that holds the source.",
      at: found.at,
      stage: "fetch",
      unavailable: true,
    };
  }
  const cargo =
    unvendored !== undefined ||
    (/failed to (?:get|download|query|fetch|load source)|registry|crates\b/u.test(evidence.text) &&
      allMatches(evidence, /^\s*(?:error: )?failed to (?:get|download|query|fetch|load source)|Updating .* index|download of/u)
        .length > 0);
  return {
    facts: { kind: "network-at-build", ...(url !== undefined && { url }) },
    message: `the build wants the network${url === undefined ? "" : `: ${url}`}`,
    next: cargo
      ? "cargo runs without vendored crates: build with the project's Rust builder (it vendors from Cargo.lock), also in checks; plain cargo calls have no network in the sandbox."
      : "Turn the download off (a feature or variable that uses the system's library), or fetch the file with fetchurl and pass its path; builds have no network and never __noChroot.",
    at: found.at,
  };
};
