/**
 * One row of the table of native libraries: what a crate's build script wants from outside Cargo, and what the finished program wants at
 * run time. Attribute names are of nixpkgs.
 */
export interface NativeLibrary {
  readonly crate: string;
  readonly nativeBuildInputs: readonly string[];
  readonly buildInputs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The need exists on this platform only. */
  readonly when?: "linux" | "darwin";
  /** The crate can compile a copy of its own. */
  readonly bundled?: BundledCopy;
  /** Further libraries by feature of the crate. */
  readonly byFeature?: Readonly<Record<string, readonly string[]>>;
  /** Crates whose features of the same name reach this one: a project asks `rusqlite` for `bundled`, not `libsqlite3-sys`. */
  readonly carriers?: readonly string[];
  /** Libraries that the program opens by name while it runs (dlopen), which no linker sees: rpath or wrapper, on Linux. */
  readonly runtimeLibraries?: readonly string[];
}

export interface BundledCopy {
  /** Features of the crate that ask for the copy; `default` where its default features do. */
  readonly features: readonly string[];
  /** What the copy needs instead of the library; nothing where a C compiler is enough. */
  readonly nativeBuildInputs: readonly string[];
  /** Dependency in Cargo.lock that shows that the copy is asked for: `openssl-src`. */
  readonly marker?: string;
  /** Variable of the row's environment that has the system's library taken all the same. */
  readonly overruledBy?: string;
}

export const BINDGEN = "rustPlatform.bindgenHook";

type Extra = Partial<Omit<NativeLibrary, "crate" | "nativeBuildInputs" | "buildInputs">>;

const words = (text: string): readonly string[] => text.split(" ").filter((word) => word !== "");

/** The usual case: a library found through pkg-config. */
export const library = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  crate,
  nativeBuildInputs: ["pkg-config"],
  buildInputs: words(attributes),
  environment: {},
  ...extra,
});
/** A library found through pkg-config whose bindings are generated during the build. */
export const bound = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  ...library(crate, attributes, extra),
  nativeBuildInputs: ["pkg-config", BINDGEN],
});
/** A library that the linker is told of by name, without pkg-config. */
export const linked = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  ...library(crate, attributes, extra),
  nativeBuildInputs: [],
});
/** A library linked by name whose bindings are generated during the build. */
export const linkedBound = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  ...library(crate, attributes, extra),
  nativeBuildInputs: [BINDGEN],
});
/** Programs that a build script runs. */
export const tools = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  crate,
  nativeBuildInputs: words(attributes),
  buildInputs: [],
  environment: {},
  ...extra,
});
/** Libraries opened at run time only. */
export const opened = (crate: string, attributes: string, extra: Extra = {}): NativeLibrary => ({
  crate,
  nativeBuildInputs: [],
  buildInputs: [],
  environment: {},
  when: "linux",
  runtimeLibraries: words(attributes),
  ...extra,
});

export const linux = { when: "linux" } as const;
export const darwin = { when: "darwin" } as const;
