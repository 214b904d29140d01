import { describe, expect, it } from "vitest";
import type { LockedCrate } from "../../../src/repo/facts.ts";
import { type CrateContext, needsOfCrates } from "../../../src/repo/sources/crate-needs.ts";

const locked = (name: string, version = "1.0.0"): LockedCrate => ({
  name,
  version,
  source: { kind: "registry", url: "https://example.org/index" },
});
const context = (parts: Partial<CrateContext> = {}): CrateContext => ({
  reach: () => ({ kind: "build", chain: ["app", "x"] }),
  source: () => "Cargo.lock:7",
  dependencies: () => [],
  asked: new Map(),
  ...parts,
});

describe("needsOfCrates", () => {
  it("believes only crates that are locked from elsewhere", () => {
    expect(needsOfCrates([locked("openssl-sys", "0.9.109"), { name: "libz-sys", version: "1.0.0" }])).toEqual({
      needs: [
        {
          reason: "openssl-sys 0.9.109 in Cargo.lock",
          nativeBuildInputs: ["pkg-config"],
          buildInputs: ["openssl"],
          environment: { OPENSSL_NO_VENDOR: "1" },
        },
      ],
      setAside: [],
    });
  });

  it("says where a crate stands and through whom it is wanted", () => {
    expect(needsOfCrates([locked("expat-sys")], context()).needs).toEqual([
      {
        reason: "expat-sys 1.0.0 in Cargo.lock",
        nativeBuildInputs: ["pkg-config"],
        buildInputs: ["expat"],
        environment: {},
        source: "Cargo.lock:7",
        chain: ["app", "x"],
      },
    ]);
  });

  it("sets aside what a plain build does not compile, with the reason", () => {
    const reach = context({ reach: () => ({ kind: "feature", feature: "db", chain: ["app", "rusqlite", "libsqlite3-sys"] }) });
    expect(needsOfCrates([locked("libsqlite3-sys")], reach)).toMatchObject({
      needs: [],
      setAside: [{ why: "only with feature db of app, which is off by default", need: { buildInputs: ["sqlite"] } }],
    });
    const windows = context({ reach: () => ({ kind: "elsewhere" }) });
    expect(needsOfCrates([locked("libsqlite3-sys")], windows).setAside[0]?.why).toBe(
      "not compiled on Linux or macOS by any package of the project",
    );
    const mac = context({ reach: () => ({ kind: "build", chain: [], platform: "darwin" }) });
    expect(needsOfCrates([locked("alsa-sys")], mac).needs).toEqual([]);
  });

  it("keeps a need to the platform on which the crate is compiled", () => {
    const mac = context({ reach: () => ({ kind: "build", chain: ["app"], platform: "darwin" }) });
    expect(needsOfCrates([locked("openssl-sys")], mac).needs).toMatchObject([{ platform: "darwin" }]);
  });

  it("gives a copy that the manifest asks for its tools instead of the library", () => {
    const asked = new Map([["libheif-sys", new Map([["embedded-libheif", "Cargo.toml:9"]])]]);
    expect(needsOfCrates([locked("libheif-sys")], context({ asked })).needs).toMatchObject([
      {
        nativeBuildInputs: ["cmake"],
        buildInputs: [],
        environment: {},
        notes: ["feature embedded-libheif, asked for in Cargo.toml:9, means that it compiles a copy of its own"],
      },
    ]);
  });

  it("takes the library all the same where a variable overrules the copy", () => {
    const rusqlite = new Map([["rusqlite", new Map([["bundled", "Cargo.toml:9"]])]]);
    expect(needsOfCrates([locked("libsqlite3-sys")], context({ asked: rusqlite })).needs).toMatchObject([
      { buildInputs: ["sqlite"], environment: { LIBSQLITE3_SYS_USE_PKG_CONFIG: "1" } },
    ]);
    expect(needsOfCrates([locked("libsqlite3-sys")], context({ asked: rusqlite })).needs[0]?.notes).toEqual([
      "feature bundled, asked for in Cargo.toml:9, means that it would compile a copy of its own; LIBSQLITE3_SYS_USE_PKG_CONFIG has it take the library",
    ]);
  });

  it("does not take a copy in the lock for one that is asked for", () => {
    const shown = context({ dependencies: () => ["cc", "pq-src"] });
    expect(needsOfCrates([locked("pq-sys")], shown).needs).toMatchObject([
      { buildInputs: ["libpq"], notes: ["pq-src in Cargo.lock shows that some feature has it compile a copy of its own"] },
    ]);
  });

  it("adds the library of a feature, and says so where the feature is not known", () => {
    const asked = new Map([["mlua", new Map([["luajit", "Cargo.toml:4"]])]]);
    expect(needsOfCrates([locked("mlua-sys")], context({ asked })).needs).toMatchObject([{ buildInputs: ["luajit"] }]);
    expect(needsOfCrates([locked("mlua-sys")], context()).needs[0]?.notes).toEqual([
      "which library it takes depends on its feature (lua54, lua53, lua52, lua51, luajit), which no manifest here tells",
    ]);
  });

  it("keeps what a program opens at run time apart from what it links", () => {
    expect(needsOfCrates([locked("ash")], context()).needs).toMatchObject([
      { nativeBuildInputs: [], buildInputs: [], platform: "linux", runtimeLibraries: ["vulkan-loader"] },
    ]);
  });
});
