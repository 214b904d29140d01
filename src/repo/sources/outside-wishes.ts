import type { BuildDownload, GitMetadata } from "../build-facts.ts";
import type { LockedCrate } from "../facts.ts";
import type { BuildScriptSource } from "./native-needs.ts";
import type { RustToken } from "./rust-tokens.ts";

/** What a build wants from outside that a sandbox does not give: the commit, and the network. */

/** Crates that ask git for the commit, and the variables that answer in its place (their own documentation). */
const GIT_CRATES: Readonly<Record<string, readonly string[]>> = {
  vergen: ["VERGEN_IDEMPOTENT", "VERGEN_GIT_SHA", "VERGEN_GIT_DESCRIBE"],
  "vergen-git2": ["VERGEN_IDEMPOTENT", "VERGEN_GIT_SHA", "VERGEN_GIT_DESCRIBE"],
  "vergen-gix": ["VERGEN_IDEMPOTENT", "VERGEN_GIT_SHA", "VERGEN_GIT_DESCRIBE"],
  "vergen-gitcl": ["VERGEN_IDEMPOTENT", "VERGEN_GIT_SHA", "VERGEN_GIT_DESCRIBE"],
  "git-version": [],
  "git-describe": [],
  "shadow-rs": [],
  built: ["BUILT_OVERRIDE_GIT_COMMIT_HASH"],
  "git2-version": [],
};

/** Crates whose build scripts fetch something, and the way around it (their build scripts and documentation). */
const DOWNLOADS: Readonly<Record<string, string>> = {
  "ort-sys": "turn its feature download-binaries off and link nixpkgs' onnxruntime: ORT_LIB_LOCATION, or its feature pkg-config",
  v8: "give it the prebuilt library by RUSTY_V8_ARCHIVE, fetched by hash",
  "skia-bindings": "give it the sources or the binaries by SKIA_SOURCE_DIR or SKIA_BINARIES_URL, fetched by hash",
  "torch-sys": "turn its feature download-libtorch off and set LIBTORCH, or LIBTORCH_USE_PYTORCH",
  "utoipa-swagger-ui":
    "turn on its feature vendored, or give it the archive by SWAGGER_UI_DOWNLOAD_URL=file://…, fetched by hash",
  mozjs_sys: "set MOZJS_FROM_SOURCE, or give it the archive by MOZJS_MIRROR, fetched by hash",
  "intel-mkl-src": "take another BLAS, or nixpkgs' mkl through pkg-config",
  playwright: "turn its download off and set the driver of nixpkgs' playwright-driver",
  "lindera-ipadic": "give it the dictionary by LINDERA_CACHE or LINDERA_DICTIONARIES_PATH, fetched by hash",
  "lindera-unidic": "give it the dictionary by LINDERA_CACHE or LINDERA_DICTIONARIES_PATH, fetched by hash",
  "lindera-ko-dic": "give it the dictionary by LINDERA_CACHE or LINDERA_DICTIONARIES_PATH, fetched by hash",
  "sherpa-rs-sys": "turn its feature download-binaries off and link the library",
  "cef-dll-sys": "give it the framework by CEF_PATH, fetched by hash",
  "esp-idf-sys": "it fetches a whole toolchain; only a prepared one can be given, by IDF_PATH",
};

type Sighted = { readonly crate: LockedCrate; readonly source: string };

export function gitWishes(crates: readonly Sighted[], scripts: readonly BuildScriptSource[]): readonly GitMetadata[] {
  return [
    ...crates.flatMap(({ crate, source }) => {
      const variables = Object.hasOwn(GIT_CRATES, crate.name) ? GIT_CRATES[crate.name] : undefined;
      return variables === undefined ? [] : [{ by: crate.name, source, variables }];
    }),
    ...scripts.flatMap(({ path, tokens }) =>
      programsRun(tokens, new Set(["git"])).map(({ line }) => ({
        by: "git",
        source: `${path}:${line}`,
        variables: [],
      })),
    ),
  ];
}

export function buildDownloads(crates: readonly Sighted[], scripts: readonly BuildScriptSource[]): readonly BuildDownload[] {
  return [
    ...crates.flatMap(({ crate, source }) => {
      const remedy = Object.hasOwn(DOWNLOADS, crate.name) ? DOWNLOADS[crate.name] : undefined;
      return remedy === undefined ? [] : [{ by: crate.name, source, remedy }];
    }),
    ...scripts.flatMap(({ path, tokens }) =>
      [...programsRun(tokens, new Set(["curl", "wget"])), ...tokens.filter(isClient)].map((token) => ({
        by: token.text,
        source: `${path}:${token.line}`,
        remedy: "fetch the file as an input with a hash and give the build script its path",
      })),
    ),
  ];
}

/** `reqwest::`, `ureq::`: paths into a client, not a word that happens to be spelled so. */
function isClient(token: RustToken, index: number, tokens: readonly RustToken[]): boolean {
  return (
    token.kind === "word" && ["reqwest", "ureq", "minreq", "attohttpc"].includes(token.text) && tokens[index + 1]?.text === ":"
  );
}

/** `Command::new("NAME")`. */
function programsRun(tokens: readonly RustToken[], names: ReadonlySet<string>): readonly RustToken[] {
  return tokens.filter(
    (token, index) =>
      token.kind === "string" &&
      names.has(token.text) &&
      tokens[index - 1]?.text === "(" &&
      tokens[index - 2]?.text === "new" &&
      tokens[index - 5]?.text === "Command",
  );
}
