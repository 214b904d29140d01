import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Manifest, parseManifest } from "../../../../src/repo/cargo/manifest.ts";
import { closure, packageFeatures } from "../../../../src/repo/cargo/reach/features.ts";
import { lockGraph } from "../../../../src/repo/cargo/reach/lock-graph.ts";
import { reachOf } from "../../../../src/repo/cargo/reach/reach.ts";

const manifest = (text: string): Manifest => {
  const result = parseManifest(text);
  if (!result.ok) throw new Error(result.problem);
  return result.manifest;
};
const SOURCE = 'source = "registry+https://example.org/index"';
/** `name: dependency dependency`; the first is the project's own. */
const lock = (lines: readonly string[], own = 1): string =>
  [
    "version = 4",
    ...lines.map((line, index) => {
      const [name = "", dependencies = ""] = line.split(":");
      const list = dependencies.trim() === "" ? [] : dependencies.trim().split(" ");
      return `\n[[package]]\nname = "${name}"\nversion = "1.0.0"\n${index < own ? "" : SOURCE}\ndependencies = ${JSON.stringify(list)}`;
    }),
  ].join("\n");

function reaches(toml: string, locked: readonly string[]) {
  const root = { directory: ".", manifest: manifest(toml) };
  const reach = reachOf(packageFeatures([root], root), lockGraph(lock(locked)));
  return (name: string) => reach(`${name} 1.0.0`);
}

const APP = '[package]\nname = "app"\nversion = "1.0.0"\n';

describe("reachOf", () => {
  it("follows the lock behind a plain dependency", () => {
    const reach = reaches(`${APP}[dependencies]\nhttp = "1"\n`, ["app: http", "http: tls", "tls: openssl-sys", "openssl-sys:"]);
    expect(reach("openssl-sys")).toEqual({ kind: "build", chain: ["app", "http", "tls", "openssl-sys"] });
  });

  it("takes a crate by its name alone, also one that each object of JavaScript has", () => {
    const reach = reaches(`${APP}[dependencies]\nconstructor = "1"\n`, ["app: constructor", "constructor: valueOf", "valueOf:"]);
    expect(reach("valueOf")).toEqual({ kind: "build", chain: ["app", "constructor", "valueOf"] });
  });

  it("names the feature that would turn an optional dependency on, unless a default feature does", () => {
    const toml = (features: string): string =>
      `${APP}[dependencies]\nhttp = { version = "1", optional = true }\n[features]\n${features}\n`;
    const locked = ["app: http", "http: openssl-sys", "openssl-sys:"];
    expect(reaches(toml('net = ["dep:http"]'), locked)("openssl-sys")).toEqual({
      kind: "feature",
      feature: "net",
      chain: ["app", "http", "openssl-sys"],
    });
    expect(reaches(toml('default = ["net"]\nnet = ["dep:http"]'), locked)("openssl-sys")).toMatchObject({ kind: "build" });
    expect(reaches(toml('default = ["http/tls"]'), locked)("openssl-sys")).toMatchObject({ kind: "build" });
    expect(reaches(toml('default = ["http?/tls"]'), locked)("openssl-sys")).toMatchObject({ kind: "feature" });
  });

  it("tells tests, one platform and other systems apart", () => {
    const reach = reaches(
      `${APP}[dev-dependencies]\na = "1"\n[target.'cfg(target_os = "linux")'.dependencies]\nb = "1"\n[target.'cfg(windows)'.dependencies]\nc = "1"\n`,
      ["app: a b c", "a:", "b:", "c:"],
    );
    expect([reach("a"), reach("b"), reach("c")]).toEqual([
      { kind: "tests", chain: ["app", "a"] },
      { kind: "build", chain: ["app", "b"], platform: "linux" },
      { kind: "elsewhere" },
    ]);
  });

  it("knows a renamed dependency and one that a workspace writes down", () => {
    const root = {
      directory: ".",
      manifest: manifest(
        '[workspace]\nmembers = ["app"]\n[workspace.dependencies]\nssl = { package = "openssl", version = "1" }\n',
      ),
    };
    const app = { directory: "app", manifest: manifest(`${APP}[dependencies]\nssl = { workspace = true }\n`) };
    const reach = reachOf(packageFeatures([app], root), lockGraph(lock(["app: openssl", "openssl:"])));
    expect(reach("openssl 1.0.0")).toEqual({ kind: "build", chain: ["app", "openssl"] });
  });

  it("turns on in one member what another asks of it", () => {
    const root = { directory: ".", manifest: manifest('[workspace]\nmembers = ["app", "core"]\n') };
    const app = {
      directory: "app",
      manifest: manifest(`${APP}[dependencies]\ncore = { path = "../core", features = ["tls"] }\n`),
    };
    const core = {
      directory: "core",
      manifest: manifest(
        '[package]\nname = "core"\nversion = "1.0.0"\n[dependencies]\nopenssl = { version = "1", optional = true }\n[features]\ntls = ["dep:openssl"]\n',
      ),
    };
    const graph = lockGraph(lock(["app: core", "core: openssl", "openssl:"], 2));
    expect(reachOf(packageFeatures([app, core], root), graph)("openssl 1.0.0")).toMatchObject({ kind: "build" });
    expect(reachOf(packageFeatures([core], root), graph)("openssl 1.0.0")).toMatchObject({ kind: "feature", feature: "tls" });
  });

  it("rules nothing out by a lock that does not fit the manifests", () => {
    const reach = reaches(`${APP}[dependencies]\nhttp = "1"\n`, ["other: http", "http:"]);
    expect(reach("http")).toEqual({ kind: "build", chain: [] });
  });
});

describe("lockGraph", () => {
  it("tells versions and sources of one name apart, with their lines", () => {
    const text = `version = 4\n[[package]]\nname = "app"\nversion = "1.0.0"\ndependencies = [\n "x 1.0.0",\n "y",\n]\n\n[[package]]\nname = "x"\nversion = "1.0.0"\n${SOURCE}\n\n[[package]]\nname = "x"\nversion = "2.0.0"\n${SOURCE}\n\n[[package]]\nname = "y"\nversion = "1.0.0"\n${SOURCE}\n`;
    expect([...lockGraph(text).values()]).toEqual([
      { key: "app 1.0.0", name: "app", version: "1.0.0", line: 3, local: true, dependencies: ["x 1.0.0", "y 1.0.0"] },
      { key: "x 1.0.0", name: "x", version: "1.0.0", line: 11, local: false, dependencies: [] },
      { key: "x 2.0.0", name: "x", version: "2.0.0", line: 16, local: false, dependencies: [] },
      { key: "y 1.0.0", name: "y", version: "1.0.0", line: 21, local: false, dependencies: [] },
    ]);
    expect(lockGraph("version = ").size).toBe(0);
  });
});

describe("closure", () => {
  it("ends on features that turn each other on, and never loses what it started from", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(fc.dictionary(name, fc.array(name, { maxLength: 4 })), fc.array(name), (features, start) => {
        const lines = Object.entries(features).map(([key, items]) => `${key} = ${JSON.stringify(items)}`);
        const { enabled } = closure(manifest(`${APP}[features]\n${lines.join("\n")}\n`), [], new Set(start));
        for (const feature of start) expect(enabled.has(feature)).toBe(true);
        for (const feature of enabled) for (const item of features[feature] ?? []) expect(enabled.has(item)).toBe(true);
      }),
    );
  });
});
