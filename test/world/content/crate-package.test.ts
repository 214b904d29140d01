import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CrateError, type CratePackage, cratePackage } from "../../../src/world/content/crate-package.ts";
import { crateSources } from "../../../src/world/content/crate-sources.ts";
import { listTree, sha256 } from "../../../src/world/content/listing.ts";
import { type Entry, temporaryTree } from "../tree.ts";

async function packageOf(entries: Readonly<Record<string, Entry>>): Promise<CratePackage> {
  const folder = await temporaryTree(entries);
  const [first] = [...crateSources(folder, await listTree(folder)).found.values()].flat();
  if (!first) throw new Error("no crate");
  return cratePackage(first);
}

const MANIFEST = `
[package]
name = "gadget"
version = "1.2.3"
links = "gadget"
rust-version = "1.70"

[dependencies]
plain = "1"
[dependencies.log]
version = "0.4"
features = ["std"]
default-features = false
optional = true
[dependencies.renamed]
version = "2"
package = "original"

[target."cfg(unix)".dependencies.libc]
version = "0.2"
[build-dependencies.cc]
version = "1.0"
[dev-dependencies]
tempfile = "3"

[features]
default = ["std"]
std = []
logging = ["dep:log"]
weak = ["log?/std"]
`;

describe("cratePackage", () => {
  test("makes the index line that a registry would have", async () => {
    const gadget = await packageOf({ "gadget-1.2.3/Cargo.toml": MANIFEST, "gadget-1.2.3/src/lib.rs": "" });
    const dependency = {
      features: [],
      optional: false,
      default_features: true,
      target: null,
      kind: "normal",
      registry: null,
      package: null,
    };
    expect(gadget.checksum).toBe(sha256(gadget.bytes));
    expect(gadget.indexLine).toEqual({
      name: "gadget",
      vers: "1.2.3",
      deps: [
        { ...dependency, name: "plain", req: "1" },
        { ...dependency, name: "log", req: "0.4", features: ["std"], default_features: false, optional: true },
        { ...dependency, name: "renamed", req: "2", package: "original" },
        { ...dependency, name: "tempfile", req: "3", kind: "dev" },
        { ...dependency, name: "cc", req: "1.0", kind: "build" },
        { ...dependency, name: "libc", req: "0.2", target: "cfg(unix)" },
      ],
      cksum: gadget.checksum,
      features: { default: ["std"], std: [] },
      features2: { logging: ["dep:log"], weak: ["log?/std"] },
      yanked: false,
      links: "gadget",
      rust_version: "1.70",
      v: 2,
    });
  });

  test("reads an archive as it reads a folder", async () => {
    const { bytes, indexLine } = await packageOf({ "gadget-1.2.3/Cargo.toml": MANIFEST, "gadget-1.2.3/src/lib.rs": "" });
    const again = await packageOf({ "gadget-1.2.3.crate": bytes });
    expect(again).toEqual({ bytes, checksum: sha256(bytes), indexLine });
    expect(gunzipSync(bytes).subarray(0, 23).toString()).toBe("gadget-1.2.3/Cargo.toml");
  });

  test.each([
    ["another name", { "other-1.2.3/Cargo.toml": MANIFEST }, "other-1.2.3 holds the package gadget 1.2.3"],
    ["no manifest", { "gadget-1.2.3/src/lib.rs": "" }, "gadget-1.2.3 holds no gadget-1.2.3/Cargo.toml"],
    ["no archive", { "gadget-1.2.3.crate": "not gzip" }, "gadget-1.2.3 is no readable .crate"],
    ["no TOML", { "gadget-1.2.3/Cargo.toml": "[package\n" }, "Cargo.toml of gadget-1.2.3, line 1"],
    [
      "a path dependency",
      { "gadget-1.2.3/Cargo.toml": '[package]\nname = "gadget"\nversion = "1.2.3"\n[dependencies]\nx = { path = "../x" }\n' },
      "a published crate has no path dependency",
    ],
    [
      "an inherited version",
      { "gadget-1.2.3/Cargo.toml": '[package]\nname = "gadget"\nversion.workspace = true\n' },
      "a published crate inherits nothing from a workspace",
    ],
  ])("refuses %s", async (_, entries: Record<string, Entry>, message) => {
    const attempt = packageOf(entries);
    await expect(attempt).rejects.toThrow(CrateError);
    await expect(attempt).rejects.toThrow(message);
  });

  test("does not see where its folder lies", async () => {
    const [one, two] = await Promise.all([
      packageOf({ "gadget-1.2.3/Cargo.toml": MANIFEST }),
      packageOf({ "gadget-1.2.3/Cargo.toml": MANIFEST }),
    ]);
    expect(one.checksum).toBe(two.checksum);
  });
});
