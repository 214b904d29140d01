import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/nix/diagnose/diagnose.ts";
import type { DiagnosisFacts, Owner } from "../../../src/nix/diagnosis.ts";
import type { NixEvents, NixMessage } from "../../../src/nix/events.ts";

/**
 * Classes by texts that were not produced here: from the notes on Nix (field notes §2.1, measured texts) and from the named tools' own
 * sources. What could be produced stands in diagnose.test.ts.
 */

const none: NixEvents = { started: true, messages: [], warnings: [], derivations: [], notices: "", plain: "" };
const context = { ownNames: ["app"], requested: [], flakeRoots: [] };

function facts({ diagnoses: [first] }: ReturnType<typeof diagnose>): unknown {
  const { stage: _s, message: _m, derivation: _d, position: _p, excerpt: _e, next: _n, fingerprint: _f, ...rest } = first;
  return rest;
}

const fromMessage = (text: string): unknown =>
  facts(diagnose({ ...none, messages: [{ level: 0, text: `error: ${text}`, summary: text }] }, { ...context, stage: "eval" }));

function fromLog(
  log: string,
  name = "app-1.0",
  phase = "buildPhase",
): { readonly facts: unknown; readonly stage: string; readonly owner: Owner | undefined } {
  const drv = `/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-${name}.drv`;
  const summary = `builder for '${drv}' failed with exit code 101`;
  const lines = log.split("\n").map((text, i) => ({ number: i + 1, text }));
  const diagnosed = diagnose(
    {
      ...none,
      messages: [{ level: 0, text: `error: ${summary}`, summary }],
      derivations: [{ drv, lines, total: lines.length, phase, running: false }],
    },
    { ...context, stage: "build" },
  );
  return { facts: facts(diagnosed), stage: diagnosed.diagnoses[0].stage, owner: diagnosed.diagnoses[0].derivation?.owner };
}

/** What cargo prints of a build script that panicked with these words. */
const scriptThatSaid = (said: string): string =>
  `error: failed to run custom build command for \`app v1.0.0 (/build/source)\`\n\nCaused by:\n  process didn't exit successfully: \`/build/source/target/release/build/app-5b02/build-script-build\` (exit status: 101)\n  --- stderr\n\n  thread 'main' (71) panicked at build.rs:3:135:\n  ${said}\n  note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`;

const MESSAGES: readonly (readonly [string, DiagnosisFacts])[] = [
  ["Path 'flake.nix' in the repository \"/x\" is not tracked by Git.", { kind: "untracked-file", path: "flake.nix" }],
  [
    "getting status of '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-source/nix/x.nix': No such file or directory",
    { kind: "untracked-file", path: "nix/x.nix" },
  ],
  [
    "source tree referenced by 'git+file:///x' does not contain a '/flake.nix' file",
    { kind: "untracked-file", path: "flake.nix" },
  ],
  [
    "No hash was found while vendoring the git dependency left-pad-1.0.0. You can add a hash through the `outputHashes` argument of importCargoLock",
    { kind: "git-dependency-hash", dependency: "left-pad-1.0.0", stale: false },
  ],
  [
    "A hash was specified for left-pad-0.9.0, but there is no corresponding git dependency.",
    { kind: "git-dependency-hash", dependency: "left-pad-0.9.0", stale: true },
  ],
  [
    "unable to download 'https://api.github.com/repos/o/r/commits/HEAD': HTTP error 404",
    { kind: "input-not-found", url: "https://api.github.com/repos/o/r/commits/HEAD", status: 404 },
  ],
  [
    "unable to download 'https://api.github.com/repos/o/r/commits/nope': HTTP error 422",
    { kind: "input-not-found", url: "https://api.github.com/repos/o/r/commits/nope", status: 422 },
  ],
  [
    "unable to download 'https://example.org/x.tar.gz': HTTP error 401",
    { kind: "private-source", source: "https://example.org/x.tar.gz" },
  ],
  [
    "Naersk requires Cargo.lock to be available in root. Check that it is not in .gitignore",
    { kind: "cargo-lock", problem: "missing" },
  ],
  ["Missing Cargo.lock from src. Expected to find it at: Cargo.lock", { kind: "cargo-lock", problem: "missing" }],
  ["cannot write modified lock file of flake 'git+file:///x'", { kind: "lock-outdated" }],
  [
    "flake 'git+file:///x' does not provide attribute 'packages.x86_64-linux.nope', 'legacyPackages.x86_64-linux.nope' or 'nope'",
    { kind: "missing-output", attribute: "packages.x86_64-linux.nope" },
  ],
  [
    "darwin.apple_sdk_11_0 has been removed as it was a legacy compatibility stub",
    { kind: "darwin-sdk", attribute: "darwin.apple_sdk_11_0" },
  ],
  ["'rustPlatform.foo' was removed", { kind: "attribute", attribute: "rustPlatform.foo", undefinedVariable: false }],
  [
    "attribute 'opnssl' missing\nDid you mean openssl?",
    { kind: "attribute", attribute: "opnssl", suggestion: "openssl", undefinedVariable: false },
  ],
  [
    "attribute 'helo' missing\nDid you mean one of hello, held or help?",
    { kind: "attribute", attribute: "helo", suggestion: "hello", alternatives: 3, undefinedVariable: false },
  ],
  [
    "a 'aarch64-darwin' with features {} is required to build '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x.drv', but I am a 'x86_64-linux'",
    { kind: "import-from-derivation" },
  ],
  [
    "'/nix/store/x-source/Cargo.toml' contains the absolute path '/home/a/itoa' which is not allowed under a [patch] section by naersk. Please make it relative to '/nix/store/x-source'",
    { kind: "path-outside-source", path: "/home/a/itoa" },
  ],
  [
    "'openssl_1_1' has been replaced by 'openssl'",
    { kind: "attribute", attribute: "openssl_1_1", suggestion: "openssl", undefinedVariable: false },
  ],
  [
    "NAR hash mismatch in input 'github:o/r/abc' (/nix/store/x-source), expected 'sha256-AA=', got 'sha256-BB='",
    { kind: "hash-mismatch", specified: "sha256-AA=", got: "sha256-BB=" },
  ],
  [
    "hash mismatch in file downloaded from 'https://example.org/x':\n  specified: sha256:0aa\n  got:       sha256:0bb",
    { kind: "hash-mismatch", specified: "sha256:0aa", got: "sha256:0bb" },
  ],
  [
    "Cannot handle crate source: sparse+https://crates.example.org/",
    { kind: "private-source", source: "sparse+https://crates.example.org/" },
  ],
  [
    "not sure how to download crates from registry+https://cargo.example/index.",
    { kind: "private-source", source: "registry+https://cargo.example/index" },
  ],
  [
    "getting status of '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-source/Cargo.lock': No such file or directory",
    { kind: "cargo-lock", problem: "missing" },
  ],
  // Texts of nixpkgs as the shipped world says them, each seen in a run.
  ["lib.fileset.unions: Element 0 (nope) is a path that does not exist.", { kind: "untracked-file", path: "nope" }],
  [
    "`cargoSha256` has been removed in favor of `cargoHash`",
    { kind: "attribute", attribute: "cargoSha256", suggestion: "cargoHash", undefinedVariable: false },
  ],
  [
    "cargoHash, cargoVendorDir, cargoDeps, or cargoLock must be set",
    { kind: "attribute", attribute: "cargoLock", undefinedVariable: false },
  ],
  [
    'evaluation aborted with the following error message: \'lib.customisation.callPackageWith: Function called without required argument "nopelib" at flake.nix:3, did you mean "zlib"?\'',
    { kind: "attribute", attribute: "nopelib", suggestion: "zlib", undefinedVariable: false },
  ],
  ["Package ‘x’ in flake.nix:3 is marked as broken, refusing to evaluate.", { kind: "refused-setting", setting: "allowBroken" }],
  [
    "Package ‘x-1.0’ in /nix/store/x has an unfree license (‘unfree’), refusing to evaluate.",
    { kind: "refused-setting", setting: "allowUnfree" },
  ],
  [
    "Package ‘x’ in flake.nix:3 is not available on the requested hostPlatform:",
    { kind: "refused-setting", setting: "allowUnsupportedSystem" },
  ],
  ["writing to file: No space left on device", { kind: "resources", resource: "disk" }],
  [
    "this system does not support the kernel namespaces that are required for sandboxing; use '--no-sandbox' to disable sandboxing",
    { kind: "unknown" },
  ],
  ["access to URI 'github:o/r' is forbidden in restricted mode", { kind: "refused-setting", setting: "github:o/r" }],
  [
    "cannot look up '<nixpkgs>' in pure evaluation mode (use '--impure' to override)",
    { kind: "refused-setting", setting: "<nixpkgs>" },
  ],
  ["cannot call 'fetchTree' in pure evaluation mode because it is not locked", { kind: "refused-setting", setting: "fetchTree" }],
];

describe("messages of Nix, nixpkgs, naersk and crane", () => {
  test.each(MESSAGES)("%s", (text, expected) => {
    expect(fromMessage(text)).toEqual(expected);
  });
});

const LOGS: readonly (readonly [string, DiagnosisFacts])[] = [
  // The difference quotes a source that itself speaks of a library.
  [
    'Diff in /build/source/src/main.rs:3:\n-    let _l = unsafe { libloading::Library::new("libz.so.1") }.expect("libz.so.1: cannot open shared object file");\n+    let _l =',
    { kind: "compile-error", code: "rustfmt" },
  ],
  [
    "error: cannot download crates of registry+https://cargo.example/index; give its address",
    { kind: "private-source", source: "registry+https://cargo.example/index" },
  ],
  [
    "rustc 1.93.0 is not supported by the following packages:\n  icu_properties@2.2.0 requires rustc 1.94",
    { kind: "toolchain", required: "1.94", actual: "1.93.0", crate: "icu_properties" },
  ],
  [
    "error: package `time v0.3.30` cannot be built because it requires rustc 1.75 or newer, while the currently active rustc version is 1.70.0",
    { kind: "toolchain", required: "1.75", actual: "1.70.0", crate: "time" },
  ],
  [
    "  feature `edition2024` is required\n\n  The package requires the Cargo feature called `edition2024`",
    { kind: "toolchain", required: "edition 2024" },
  ],
  ["error: the option `Z` is only accepted on the nightly compiler", { kind: "toolchain", required: "nightly" }],
  ["lock file version 4 requires `-Znext-lockfile-bump`", { kind: "cargo-lock", problem: "version" }],
  [
    "error: the lock file /build/source/Cargo.lock needs to be updated but --locked was passed to prevent this",
    { kind: "cargo-lock", problem: "outdated" },
  ],
  [
    "ERROR: cargoHash or cargoSha256 is out of date\n\nCargo.lock is not the same in /build/cargo-vendor-dir",
    { kind: "stale-hash" },
  ],
  [
    "curl: (22) The requested URL returned error: 403\nerror: cannot download crate-anyhow-1.0.0.tar.gz from any mirror",
    { kind: "registry-refused", url: "app-1.0", status: 403 },
  ],
  [
    "trying https://registry.example/api/v1/crates/anyhow/1.0.0/download\ncurl: (22) The requested URL returned error: 403",
    { kind: "registry-refused", url: "https://registry.example/api/v1/crates/anyhow/1.0.0/download", status: 403 },
  ],
  [
    "error: source `https://github.com/rust-lang/crates.io-index` defines source registry `crates-io`, but that source is already defined by `crates-io`",
    { kind: "registry-refused", url: "https://github.com/rust-lang/crates.io-index" },
  ],
  [
    "error: set `DATABASE_URL` to use query macros online, or run `cargo sqlx prepare` to update the query cache",
    { kind: "source-filter", path: ".sqlx" },
  ],
  [
    '  Error: Custom { kind: Other, error: "protoc failed: Could not make proto path relative: proto/a.proto: No such file or directory" }',
    { kind: "source-filter", path: "proto/a.proto" },
  ],
  [
    "warning: app@1.0.0: cc1: fatal error: csrc/digit.c: No such file or directory\nerror: failed to run custom build command for `app v1.0.0 (/build/source)`",
    { kind: "source-filter", path: "csrc" },
  ],
  [
    "clang: error: no such file or directory: 'native/deep/a.cpp'\nerror: failed to run custom build command for `app v1.0.0`",
    { kind: "source-filter", path: "native/deep" },
  ],
  [
    "cc1: fatal error: /build/cargo-vendor-dir/x-1.0.0/a.c: No such file or directory\nerror: failed to run custom build command for `x v1.0.0`",
    { kind: "unknown" },
  ],
  [
    "src/a.c:1:10: fatal error: zlib.h: No such file or directory",
    { kind: "native-library", library: "zlib", pkgConfigMissing: false },
  ],
  [
    "error: failed to load manifest for workspace member `/build/source/crates/b`\nreferenced by workspace at `/build/source/Cargo.toml`\n\nCaused by:\n  failed to parse manifest at `/build/source/crates/b/Cargo.toml`\n\nCaused by:\n  error inheriting `license` from workspace root manifest's `workspace.package.license`\n\nCaused by:\n  `workspace.package.license` was not defined",
    { kind: "workspace" },
  ],
  ["error: failed to load manifest for workspace member `/build/source/crates/b`", { kind: "workspace", member: "crates/b" }],
  [
    "error: failed to load manifest for workspace member `/build/programs/view`\nfailed to load manifest for dependency `grid`\nfailed to read `/build/library/grid/Cargo.toml`",
    { kind: "path-outside-source", path: "library/grid" },
  ],
  ["  could not find repository from '/build/source'; class=Repository (6); code=NotFound (-3)", { kind: "git-metadata" }],
  ["fatal error: 'stddef.h' file not found", { kind: "libclang" }],
  [
    "  Could not find `protoc` installation and this build crate cannot proceed without this knowledge.",
    { kind: "generator-missing", program: "protoc" },
  ],
  ["  Missing dependency: cmake", { kind: "build-tool-missing", program: "cmake" }],
  ["  failed to spawn `perl`: No such file or directory", { kind: "build-tool-missing", program: "perl" }],
  ["/bin/sh: line 1: nasm: command not found", { kind: "build-tool-missing", program: "nasm" }],
  ["rust-lld: error: unable to find library -lzstd", { kind: "native-library", library: "zstd", pkgConfigMissing: false }],
  [
    "error: failed to run custom build command for `zstd-sys v2.0.9`\n  pkg-config: command not found\n",
    { kind: "native-library", crate: "zstd-sys", pkgConfigMissing: true },
  ],
  [
    "error[E0463]: can't find crate for `core`\nerror: found invalid metadata files for crate `core`",
    { kind: "mixed-toolchains" },
  ],
  [
    '  called `Result::unwrap()` on an `Err` value: reqwest::Error { url: "https://cdn.example.org/ort.tgz", source: dns error }',
    { kind: "network-at-build", url: "https://cdn.example.org/ort.tgz" },
  ],
  [
    "error: failed to read file /nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-vendor-cargo-deps/x/README.md",
    { kind: "vendored-git-files", path: "vendor-cargo-deps/x/README.md" },
  ],
  [
    "  Error: Os { code: 30, kind: ReadOnlyFilesystem } writing /nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-vendor-cargo-deps/x/gen.rs",
    { kind: "vendor-write", path: "vendor-cargo-deps/x/gen.rs" },
  ],
  [
    'error[E0583]: file not found for module `tables`\n --> src/main.rs:1:1\n  = help: to create the module `tables`, create file "src/tables.rs" or "src/tables/mod.rs"',
    { kind: "untracked-file", path: "src/tables.rs" },
  ],
  ["  Unable to run nasm: No such file or directory (os error 2)", { kind: "build-tool-missing", program: "nasm" }],
  [
    "error: failed to run custom build command for `app v1.0.0`\n  git tells the revision: Os { code: 2, kind: NotFound }",
    { kind: "git-metadata" },
  ],
  [
    "error: failed to run custom build command for `app v1.0.0`\n  --- stdout\n  cargo:rerun-if-env-changed=CC\n  cargo::rerun-if-env-changed=APP_REVISION\n  --- stderr\n  could not run git: No such file or directory (os error 2)",
    { kind: "git-metadata", variable: "APP_REVISION" },
  ],
  [
    "error: failed to run custom build command for `app v1.0.0`\n  cargo:rerun-if-env-changed=APP_COMMIT\n  cargo:rerun-if-env-changed=APP_REVISION\n  could not run git: No such file or directory (os error 2)",
    { kind: "git-metadata" },
  ],
  [
    "error: failed to run custom build command for `app v1.0.0`\n  cargo:rerun-if-env-changed=APP_PROFILE\n  could not run git: No such file or directory (os error 2)",
    { kind: "git-metadata" },
  ],
  [
    "cargo:rerun-if-env-changed=OTHER_REVISION\nerror: failed to run custom build command for `app v1.0.0`\n  could not run git: No such file or directory (os error 2)",
    { kind: "git-metadata" },
  ],
  [
    "error: failed to run custom build command for `x-sys v1.0.0`\n  cannot write /nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-git-dependencies/x/gen.rs: Permission denied (os error 13)",
    { kind: "vendor-write", path: "git-dependencies/x/gen.rs" },
  ],
  [
    "test runs ... FAILED\nthread 'runs' panicked at src/main.rs:3:4:\nsqlite3 runs: Os { code: 2, kind: NotFound }\ntest result: FAILED. 0 passed; 1 failed",
    { kind: "sandboxed-test", tests: ["runs"] },
  ],
  ["Exception: Only the default crates.io registry is supported.", { kind: "private-source" }],
  ["error: registry index was not found in any configuration: `company`", { kind: "private-source", source: "company" }],
  [
    "test shows ... FAILED\nlibvulkan.so.1: cannot open shared object file: No such file or directory\ntest result: FAILED. 0 passed; 1 failed",
    { kind: "runtime-library", library: "libvulkan.so.1" },
  ],
  ["Error: IO error: not a terminal", { kind: "interactive" }],
  ["tput: No value for $TERM and no -T specified\nerror: TERM environment variable not set.", { kind: "interactive" }],
  ["ld: framework not found Security", { kind: "darwin-sdk", attribute: "Security" }],
  ["thread 'main' panicked: NoWaylandLib", { kind: "runtime-library", library: "libwayland-client.so" }],
  ["collect2: fatal error: ld terminated with signal 9 [Killed]", { kind: "resources", resource: "memory" }],
];

describe("a git source that the host does not show", () => {
  const revision = "05d4bc813fe13654e92e145634baa0779edf53ca";
  const url = "https://git.example.org/team/crate";
  const cause = `Cannot find Git revision '${revision}' in ref 'master' of repository '${url}'! Please make sure that the rev exists on the ref you've specified or add allRefs = true; to fetchGit.`;
  const told = (frames: readonly string[]): unknown => {
    const message: NixMessage = {
      level: 0,
      text: ["error:", ...frames.map((frame) => `       … ${frame}`), `       error: ${cause}`].join("\n"),
      summary: cause,
    };
    const plain = `remote: Repository not found.\nfatal: repository '${url}/' not found\n`;
    return facts(diagnose({ ...none, messages: [message], plain }, { ...context, stage: "eval" }));
  };
  const fetching = `while fetching the input 'git+${url}?rev=${revision}&submodules=1'`;

  test("is private where a builder fetches what Cargo.lock pins, with and without a trace", () => {
    expect(told([])).toEqual({ kind: "private-source", source: url });
    expect(told(["while calling the 'fetchGit' builtin", fetching])).toEqual({ kind: "private-source", source: url });
  });

  test("is an address to correct where the flake names it as an input", () => {
    const wrong = { kind: "input-not-found", url: `git+${url}?rev=${revision}&submodules=1` };
    expect(told([fetching])).toEqual(wrong);
    expect(told(["while updating the flake input 'crate'", fetching])).toEqual(wrong);
    expect(told(["while calling the 'fetchTree' builtin", fetching])).toEqual(wrong);
  });
});

describe("a registry that refuses", () => {
  const next = (url: string): string => {
    const text = `trying ${url}\ncurl: (22) The requested URL returned error: 403`;
    const drv = "/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-crate-a-1.0.drv";
    const lines = text.split("\n").map((line, i) => ({ number: i + 1, text: line }));
    const derivations = [{ drv, lines, total: lines.length, phase: "buildPhase", running: false }];
    const summary = `builder for '${drv}' failed with exit code 22`;
    const messages = [{ level: 0, text: `error: ${summary}`, summary } as const];
    return diagnose({ ...none, messages, derivations }, { ...context, stage: "build" }).diagnoses[0].next;
  };

  test("is an old builder's where it is crates.io, and the repository's own word where it is another", () => {
    expect(next("https://crates.io/api/v1/crates/anyhow/1.0.0/download")).toMatch(
      /^This nixpkgs or builder asks the registry in the old way/u,
    );
    expect(next("https://crates.mirror.example/api/v1/crates/anyhow/1.0.0/download")).toMatch(
      /^crates\.mirror\.example is no host of crates\.io: search the repository for it/u,
    );
    expect(next("https://notcrates.io.example/api/v1/crates/a/1.0.0/download")).toMatch(/^notcrates\.io\.example is no host/u);
  });
});

describe("logs of builders", () => {
  test("a crate version that does not exist is not a refusal of the registry", () => {
    const log =
      "trying https://registry.example/api/v1/crates/nope/1.0.0/download\ncurl: (22) The requested URL returned error: 404\nerror: cannot download crate-nope-1.0.0.tar.gz from any mirror";
    expect(fromLog(log, "crate-nope-1.0.0.tar.gz")).toEqual({
      facts: { kind: "input-not-found", url: "https://registry.example/api/v1/crates/nope/1.0.0/download", status: 404 },
      stage: "fetch",
      owner: "fetch",
    });
    expect(fromLog("fatal: repository 'https://git.example/o/r/' not found", "r-1234567")).toEqual({
      facts: { kind: "input-not-found", url: "https://git.example/o/r/" },
      stage: "fetch",
      owner: "fetch",
    });
    expect(fromLog("build input openssl does not exist").facts).toEqual({
      kind: "type",
      detail: "build input openssl does not exist",
    });
  });

  test.each(LOGS)("%s", (text, expected) => {
    expect(fromLog(text).facts).toEqual(expected);
  });

  test("a download without network is no verdict, a test without network is a test", () => {
    const events = fromLog(
      "curl: (6) Could not resolve host: example.org\ntrying https://example.org/x-1.0.crate",
      "crate-x-1.0.tar.gz",
      "unpackPhase",
    );
    expect(events).toEqual({
      facts: { kind: "input-not-found", url: "https://example.org/x-1.0.crate" },
      stage: "fetch",
      owner: "fetch",
    });
    expect(
      fromLog(
        "test net::asks ... FAILED\n\nCouldn't resolve host name\n\ntest result: FAILED. 0 passed; 1 failed",
        "app-1.0",
        "checkPhase",
      ),
    ).toEqual({
      facts: { kind: "sandboxed-test", tests: ["net::asks"] },
      stage: "check",
      owner: "own",
    });
  });

  // std's error of a program that is not there does not name it; whoever reports it does, in words of their own.
  test.each([
    ['called `Result::unwrap()` on an `Err` value: "perl: No such file or directory (os error 2)"', "perl"],
    ['nasm: Os { code: 2, kind: NotFound, message: "No such file or directory" }', "nasm"],
    ["Error: meson: No such file or directory (os error 2)", "meson"],
    ["`python3 tools/table.py`: No such file or directory (os error 2)", "python3"],
    ['cannot run "jq" here: Os { code: 2, kind: NotFound, message: "No such file or directory" }', "jq"],
    ["error running perl: No such file or directory (os error 2)", "perl"],
    ["while executing the command cmake: No such file or directory (os error 2)", "cmake"],
  ])("a program is not there: %s", (said, program) => {
    expect(fromLog(scriptThatSaid(said)).facts).toEqual({ kind: "build-tool-missing", program });
  });

  test("a generator that is not there is named the same way", () => {
    expect(fromLog(scriptThatSaid('"flatc: No such file or directory (os error 2)"')).facts).toEqual({
      kind: "generator-missing",
      program: "flatc",
    });
  });

  test.each([
    // A file, whatever it is called.
    "could not open file: No such file or directory (os error 2)",
    "cannot read `perl`: No such file or directory (os error 2)",
    "tools/make: No such file or directory (os error 2)",
    "perl.toml: No such file or directory (os error 2)",
    'loading "patch": Os { code: 2, kind: NotFound, message: "No such file or directory" }',
    // The program ran, and failed by itself.
    "failed to run perl: exit status: 2",
    "perl: Permission denied (os error 13)",
    // A word that only begins like a program.
    "running performance tables: No such file or directory (os error 2)",
  ])("no program is missing: %s", (said) => {
    expect(fromLog(scriptThatSaid(said)).facts).toEqual({ kind: "unknown" });
  });

  test("nextest names its failures otherwise", () => {
    expect(
      fromLog(
        "        FAIL [   0.004s] (1/2) app tests::adds\n     Summary [   0.004s] 2 tests run: 1 passed, 1 failed, 0 skipped\nerror: test run failed",
        "app-nextest-1.0",
      ).facts,
    ).toEqual({
      kind: "test-failure",
      tests: ["app tests::adds"],
    });
  });

  test("of the dependencies' step", () => {
    expect(fromLog("error[E0463]: can't find crate for `app`", "app-deps-1.0")).toEqual({
      facts: { kind: "dummy-source" },
      stage: "build",
      owner: "own-deps",
    });
    expect(fromLog("Could not find directory of OpenSSL installation", "app-deps-1.0")).toMatchObject({
      facts: { kind: "native-library", library: "openssl" },
      owner: "own-deps",
    });
  });

  test("what no rule knows keeps the builder's last words", () => {
    const { facts: found } = fromLog("building\nsomething odd happened\n");
    expect(found).toEqual({ kind: "unknown" });
  });
});
