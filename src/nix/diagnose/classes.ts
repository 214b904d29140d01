import type { DiagnosisKind } from "../diagnosis.ts";

/** The thirty classes of failure that a nixification meets (field notes §2.1), in their order, with the kinds of diagnosis that each has. */
export interface FailureClass {
  /** 1 to 30. */
  readonly number: number;
  readonly title: string;
  readonly kinds: readonly DiagnosisKind[];
}

export const FAILURE_CLASSES: readonly FailureClass[] = [
  { number: 1, title: "New or ignored file invisible to the flake", kinds: ["untracked-file"] },
  { number: 2, title: "Native library or pkg-config missing", kinds: ["native-library"] },
  { number: 3, title: "Toolchain too old, rust-version, nightly", kinds: ["toolchain"] },
  { number: 4, title: "Fixed-output hash mismatch, stale cargoHash", kinds: ["hash-mismatch", "stale-hash"] },
  { number: 5, title: "Git dependency without hash", kinds: ["git-dependency-hash"] },
  { number: 6, title: "Cargo.lock missing, stale or of a newer version", kinds: ["cargo-lock"] },
  { number: 7, title: "Crates registry refuses old download addresses", kinds: ["registry-refused"] },
  { number: 8, title: "Source filter dropped a needed file", kinds: ["source-filter"] },
  { number: 9, title: "Workspace trouble", kinds: ["workspace"] },
  { number: 10, title: "Git metadata wanted by the build", kinds: ["git-metadata"] },
  { number: 11, title: "Tests fail in the sandbox", kinds: ["sandboxed-test"] },
  { number: 12, title: "bindgen without libclang", kinds: ["libclang"] },
  { number: 13, title: "protoc or another generator missing", kinds: ["generator-missing"] },
  { number: 14, title: "cmake, nasm, perl or another build tool missing", kinds: ["build-tool-missing"] },
  { number: 15, title: "Build script downloads", kinds: ["network-at-build"] },
  { number: 16, title: "nixpkgs attribute wrong, renamed or removed", kinds: ["attribute"] },
  { number: 17, title: "Syntax or type slip", kinds: ["syntax", "type"] },
  { number: 18, title: "Dependencies' step fails on the dummy source", kinds: ["dummy-source"] },
  { number: 19, title: "Git dependency loses files when vendored", kinds: ["vendored-git-files"] },
  { number: 20, title: "Flake lock outdated or not writable", kinds: ["lock-outdated"] },
  { number: 21, title: "System or default output missing", kinds: ["missing-output"] },
  { number: 22, title: "Library not found at run time", kinds: ["runtime-library"] },
  { number: 23, title: "Darwin SDK stubs gone", kinds: ["darwin-sdk"] },
  { number: 24, title: "Import from derivation, foreign system", kinds: ["import-from-derivation", "foreign-system"] },
  { number: 25, title: "Build script writes into the vendor folder", kinds: ["vendor-write"] },
  { number: 26, title: "Path dependency outside the source", kinds: ["path-outside-source"] },
  { number: 27, title: "Two toolchains mixed", kinds: ["mixed-toolchains"] },
  { number: 28, title: "Private registry, credentials, submodules", kinds: ["private-source"] },
  { number: 29, title: "Time, memory or disk", kinds: ["resources"] },
  { number: 30, title: "Interactive program or garbled log", kinds: ["interactive"] },
];

/** Kinds that the table does not have: what a compiler or a test says of the program itself, an address that is wrong, what policy refuses. */
export const OUTSIDE_CLASSES = {
  "input-not-found": "An input or source that does not exist or cannot be reached",
  "refused-setting": "A setting or builtin that policy refuses",
  "compile-error": "The compiler refuses the program",
  "test-failure": "A test of the program fails",
  unknown: "Not recognised",
} as const satisfies { readonly [K in DiagnosisKind]?: string };

/** The class of a kind; undefined for one outside the table. */
export const classOf = (kind: DiagnosisKind): FailureClass | undefined =>
  FAILURE_CLASSES.find(({ kinds }) => kinds.includes(kind));
