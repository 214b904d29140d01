import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Diagnosed, diagnose } from "../../../src/nix/diagnose/diagnose.ts";
import { EventReader } from "../../../src/nix/events.ts";

/** Recorded runs (README.md): each class by the words of the real tools, in both wrappers. */

function diagnoseFile(folder: "messages" | "logs", file: string): Diagnosed {
  const reader = new EventReader();
  reader.write(readFileSync(new URL(`${folder}/${file}`, import.meta.url)));
  const events = reader.end();
  const requested = events.derivations.map(({ drv }) => drv).filter((drv) => !drv.includes("-deps-"));
  return diagnose(events, {
    stage: folder === "messages" ? "eval" : "build",
    ownNames: ["app"],
    requested,
    flakeRoots: ["/tmp/project"],
  });
}

/** The facts, then `stage`, owner and `file:line:column`. */
function summary({ diagnoses, unavailable }: Diagnosed): unknown {
  const [{ stage, derivation, position, message: _m, excerpt: _e, next: _n, fingerprint: _f, ...facts }] = diagnoses;
  const place = position === undefined ? "" : ` ${position.file}:${position.line}:${position.column}`;
  return {
    ...facts,
    at: `${stage}${derivation ? ` ${derivation.owner} ${derivation.name}` : ""}${place}`,
    ...(unavailable && { unavailable }),
  };
}

const FAKE = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

const MESSAGES: Readonly<Record<string, unknown>> = {
  aarch: { kind: "missing-output", attribute: "aarch64-darwin", at: "eval flake.nix:1:91" },
  assertf: {
    kind: "type",
    detail: "an integer with value '1' is not equal to an integer with value '2'",
    at: "eval flake.nix:1:57",
  },
  badinput: { kind: "untracked-file", path: "foo:bar baz/flake.nix", at: "eval" },
  callfn: {
    kind: "type",
    detail: "attempt to call something which is not a function but a set: { a = 1; }",
    at: "eval flake.nix:1:57",
  },
  coerce: { kind: "type", detail: "cannot coerce a set to a string: { a = 1; }", at: "eval flake.nix:1:128" },
  cursys: { kind: "attribute", attribute: "currentSystem", undefinedVariable: false, at: "eval flake.nix:1:57" },
  drvpathmissing: { kind: "missing-output", attribute: "packages.x86_64-linux.default", at: "eval" },
  dupattr: { kind: "syntax", at: "parse flake.nix:1:39" },
  exec: { kind: "attribute", attribute: "exec", suggestion: "elem", undefinedVariable: false, at: "eval flake.nix:1:57" },
  expected: { kind: "type", detail: "expected a set but found a list: [ 1 ]", at: "eval flake.nix:1:57" },
  fetchurl: { kind: "refused-setting", setting: "fetchurl", at: "eval flake.nix:1:57" },
  fod: {
    kind: "hash-mismatch",
    specified: FAKE,
    got: "sha256-Q1WkaxnTSNwvV8BG+O9j1FOOu5NgAPPJ7pVKJ0YN2GU=",
    at: "fetch fetch crate-x-1.0.tar.gz",
  },
  foreign: { kind: "import-from-derivation", at: "eval nixpkgs foreign-1" },
  getflake: { kind: "refused-setting", setting: "getFlake", at: "eval flake.nix:1:57" },
  github: {
    kind: "input-not-found",
    url: "https://api.github.com/repos/NixOS/nixpkgs/commits/HEAD",
    at: "eval",
    unavailable: true,
  },
  gitin: { kind: "input-not-found", url: "https://example.invalid/x", at: "eval", unavailable: true },
  ifd: { kind: "import-from-derivation", at: "eval nixpkgs gen.nix flake.nix:1:57" },
  ifdforeign: { kind: "import-from-derivation", at: "eval nixpkgs gen.nix flake.nix:1:57" },
  importmissing: { kind: "untracked-file", path: "nix/pkg.nix", at: "eval flake.nix:1:57" },
  impure: { kind: "refused-setting", setting: "impure-derivations", at: "eval flake.nix:1:129" },
  kill: { kind: "unknown", at: "build own killed-1" },
  missing: { kind: "attribute", attribute: "helo", suggestion: "hello", undefinedVariable: false, at: "eval flake.nix:1:96" },
  needlock: { kind: "lock-outdated", at: "eval" },
  nochroot: { kind: "refused-setting", setting: "__noChroot", at: "eval" },
  noout: { kind: "unknown", at: "build own noout-1" },
  noregistry: { kind: "input-not-found", url: "nixpkgs", at: "eval" },
  notdrv: {
    kind: "type",
    detail: "string 'a string' has 0 entries in its context. It should only have exactly one entry",
    at: "eval",
  },
  outside: { kind: "path-outside-source", path: "../x.txt", at: "eval flake.nix:1:57" },
  readmissing: { kind: "untracked-file", path: "nope.txt", at: "eval flake.nix:1:57" },
  recursion: { kind: "type", detail: "infinite recursion encountered", at: "eval flake.nix:1:65" },
  reqarg: { kind: "attribute", attribute: "stdenv", undefinedVariable: false, at: "eval flake.nix:1:58" },
  rev: { kind: "git-metadata", variable: "self.rev", at: "eval flake.nix:1:57" },
  sleep: { kind: "resources", resource: "time", at: "build own slow-1" },
  srcmissing: { kind: "untracked-file", path: "nope", at: "eval flake.nix:1:128" },
  stack: { kind: "type", detail: "stack overflow; max-call-depth exceeded", at: "eval flake.nix:1:72" },
  syntax: { kind: "syntax", at: "parse flake.nix:1:36" },
  throwrenamed: { kind: "attribute", attribute: "foo", suggestion: "bar", undefinedVariable: false, at: "eval flake.nix:1:57" },
  thunk: { kind: "type", detail: "expected a set but got a thunk at flake.nix:1:3", at: "eval flake.nix:1:3" },
  top: { kind: "type", detail: "file 'flake.nix' must be an attribute set", at: "eval" },
  undeclared: { kind: "input-not-found", url: "nixpkgs", at: "eval" },
  undefined: { kind: "attribute", attribute: "foo", undefinedVariable: true, at: "eval flake.nix:1:57" },
  unexparg: { kind: "attribute", attribute: "foo", undefinedVariable: false, at: "eval flake.nix:1:58" },
  unknowntop: {
    kind: "type",
    detail: "flake 'git+file:///tmp/project' has an unsupported attribute 'foo', at flake.nix:1:3",
    at: "eval flake.nix:1:3",
  },
};

/** The two versions word these differently, or name another part of the path. */
const BY_VERSION: Readonly<Record<string, unknown>> = {
  "pure.2.26": { kind: "path-outside-source", path: "/etc", at: "eval flake.nix:1:57" },
  "pure.2.34": { kind: "path-outside-source", path: "/etc/hostname", at: "eval flake.nix:1:57" },
  "syntaxstr.2.26": { kind: "syntax", expected: "IND_STR or DOLLAR_CURLY or IND_STRING_CLOSE", at: "parse flake.nix:2:1" },
  "syntaxstr.2.34": {
    kind: "syntax",
    expected: "indented string or '${' or end of an indented string",
    at: "parse flake.nix:2:1",
  },
};

const LOGS: Readonly<Record<string, unknown>> = {
  alsam: { kind: "native-library", crate: "alsa-sys", library: "alsa", pkgConfigMissing: true, at: "build own alsam-0.1.0" },
  alsap: { kind: "native-library", crate: "alsa-sys", library: "alsa", pkgConfigMissing: false, at: "build own alsap-0.1.0" },
  buildnet: { kind: "network-at-build", at: "build own buildnet-0.1.0" },
  clangm: { kind: "libclang", at: "build own clangm-0.1.0" },
  clippyf: { kind: "compile-error", code: "lint:needless_return", at: "build own clippyf-0.1.0 src/main.rs:1:17" },
  cmakem: { kind: "build-tool-missing", program: "cmake", at: "build own cmakem-0.1.0" },
  compile: { kind: "compile-error", code: "E0308", at: "build own compile-0.1.0 src/main.rs:1:26" },
  depsonly: { kind: "dummy-source", at: "build own-deps app-deps-0.1.0" },
  disk: { kind: "resources", resource: "disk", at: "build own disk-0.1.0" },
  fmtf: { kind: "compile-error", code: "rustfmt", at: "build own fmtf-0.1.0 src/main.rs:1:1" },
  gitcmd: { kind: "unknown", at: "build own gitcmd-0.1.0" },
  gitenv: { kind: "git-metadata", variable: "VERGEN_GIT_DESCRIBE", at: "build own gitenv-0.1.0" },
  header: { kind: "native-library", crate: "header", library: "openssl", pkgConfigMissing: false, at: "build own header-0.1.0" },
  include: { kind: "source-filter", path: "assets/text.txt", at: "build own include-0.1.0 src/main.rs:1:17" },
  inherit: { kind: "workspace", at: "build own inherit-0.1.0" },
  killedcc: { kind: "resources", resource: "memory", at: "build own killedcc-0.1.0" },
  lib: { kind: "native-library", library: "sqlite3", pkgConfigMissing: false, at: "build own lib-0.1.0" },
  locked: { kind: "cargo-lock", problem: "outdated", at: "build own locked-0.1.0" },
  lockv: { kind: "cargo-lock", problem: "version", at: "build own lockv-0.1.0" },
  member: { kind: "workspace", member: "b", at: "build own member-0.1.0" },
  mixed: { kind: "mixed-toolchains", at: "build own mixed-0.1.0" },
  msrv: { kind: "toolchain", required: "1.999", actual: "1.95.0", crate: "msrv", at: "build own msrv-0.1.0" },
  nightlyf: { kind: "toolchain", required: "nightly", at: "build own nightlyf-0.1.0" },
  nolinker: { kind: "build-tool-missing", program: "cc", at: "build own nolinker-0.1.0" },
  nonet: { kind: "network-at-build", url: "https://index.invalid/config.json", at: "build own nonet-0.1.0" },
  novendor: { kind: "network-at-build", at: "build own novendor-0.1.0" },
  oom: { kind: "resources", resource: "memory", at: "build own oom-0.1.0" },
  opensslm: {
    kind: "native-library",
    crate: "openssl-sys",
    library: "openssl",
    pkgConfigMissing: true,
    at: "build own opensslm-0.1.0",
  },
  opensslp: {
    kind: "native-library",
    crate: "openssl-sys",
    library: "openssl",
    pkgConfigMissing: false,
    at: "build own opensslp-0.1.0",
  },
  opensslsrc: { kind: "build-tool-missing", program: "perl", at: "build own opensslsrc-0.1.0" },
  pathdep: { kind: "path-outside-source", path: "common", at: "build own pathdep-0.1.0" },
  protom: { kind: "generator-missing", program: "protoc", at: "build own protom-0.1.0" },
  revendor: { kind: "cargo-lock", problem: "outdated", at: "build own revendor-0.1.0" },
  runlib: { kind: "runtime-library", library: "libfoo.so.1", at: "check own runlib-0.1.0" },
  sqlxm: { kind: "libclang", at: "build own sqlxm-0.1.0" },
  sysdeps: {
    kind: "native-library",
    crate: "glib-sys",
    library: "glib-2.0",
    pkgConfigMissing: false,
    at: "build own sysdeps-0.1.0",
  },
  testfail: { kind: "test-failure", tests: ["tests::adds"], at: "check own testfail-0.1.0" },
  testnet: { kind: "sandboxed-test", tests: ["tests::asks"], at: "check own testnet-0.1.0" },
  vendorfile: { kind: "vendored-git-files", path: "cargo-vendor-dir/dep/src/../README.md", at: "build own vendorfile-0.1.0" },
  vendorro: { kind: "vendor-write", path: "vendor-ro/dep/gen.rs", at: "build own vendorro-0.1.0" },
  vergit: { kind: "git-metadata", at: "build own vergit-0.1.0" },
  virtual: { kind: "workspace", at: "build own virtual-0.1.0" },
  wrongws: { kind: "workspace", member: "nope", at: "build own wrongws-0.1.0" },
};

for (const [folder, expected] of [["messages", MESSAGES] as const, ["logs", LOGS] as const]) {
  describe(folder, () => {
    const files = readdirSync(new URL(folder, import.meta.url)).sort();
    test("every recorded run is expected below", () => {
      const names = new Set([...Object.keys(expected), ...Object.keys(BY_VERSION).map((key) => key.replace(/\.\d.*$/u, ""))]);
      expect(files.filter((file) => !names.has(file.replace(/\..*$/u, "")))).toEqual([]);
    });
    test.each(files)("%s", (file) => {
      const key = file.replace(/\.jsonl$/u, "");
      expect(summary(diagnoseFile(folder, file))).toEqual(BY_VERSION[key] ?? expected[key.replace(/\..*$/u, "")]);
    });
  });
}

test("an excerpt holds the deciding line and is short", () => {
  const [{ excerpt, message, next }] = diagnoseFile("logs", "opensslm.2.26.jsonl").diagnoses;
  expect(excerpt.split("\n").length).toBeLessThanOrEqual(40);
  expect({ message, next, names: excerpt.includes("Could not find directory of OpenSSL installation") }).toEqual({
    message: "the native library 'openssl' was not found (needed by openssl-sys); pkg-config is missing too",
    next: "Add pkg-config to nativeBuildInputs and the package of 'openssl' to buildInputs, of the dependencies' derivation and of the package alike (look the attribute up with nix_attr).",
    names: true,
  });
});

test("of a trace stay the flake's own frames, what was evaluated, and the error", () => {
  const [{ excerpt }] = diagnoseFile("messages", "coerce.2.26.jsonl").diagnoses;
  expect(excerpt.split("\n").map((line) => line.trim().slice(0, 70))).toEqual([
    "… while evaluating derivation 'a'",
    "whose name attribute is located at flake.nix:1:70",
    "… while evaluating attribute 'x' of derivation 'a'",
    "at flake.nix:1:128:",
    "1| { outputs = { self }: { packages.x86_64-linux.default = derivation ",
    "|                                                                     ",
    "2|",
    "error: cannot coerce a set to a string: { a = 1; }",
  ]);
});
