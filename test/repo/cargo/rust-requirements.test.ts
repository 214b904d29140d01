import { describe, expect, it } from "vitest";
import { survey } from "../../../src/repo/survey.ts";
import { repositoryWith } from "../tree-on-disk.ts";

const look = (directory: string) => survey(directory, { ref: "HEAD" });

describe("what Rust a project bears", () => {
  it("takes the highest rust-version of its own packages and says which", async () => {
    const member = (name: string, version: string) => ({
      [`${name}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "1.0.0"\nrust-version = "${version}"\n`,
      [`${name}/src/lib.rs`]: "",
    });
    const directory = await repositoryWith({
      "Cargo.toml": '[workspace]\nmembers = ["a", "b", "c"]\n',
      ...member("a", "1.70"),
      ...member("b", "1.74.1"),
      ...member("c", "1.74.1"),
    });
    const { cargo, warnings } = await look(directory);
    expect(cargo?.minimumRust).toEqual({ version: "1.74.1", packages: ["b", "c"], source: "b/Cargo.toml:4" });
    expect(warnings).toEqual([]);
  });

  it("warns of a pin and of a promise that the lock or the edition breaks", async () => {
    const directory = await repositoryWith({
      "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\nedition = "2024"\nrust-version = "1.70"\n',
      "Cargo.lock": '# made by Cargo\nversion = 4\n\n[[package]]\nname = "a"\nversion = "1.0.0"\n',
      "rust-toolchain": "1.74\n",
      "src/lib.rs": "",
    });
    expect((await look(directory)).warnings).toEqual([
      "rust-toolchain pins Rust 1.74, and edition 2024 of a (Cargo.toml:4) needs Rust 1.85",
      "rust-toolchain pins Rust 1.74, and Cargo.lock of format 4 (Cargo.lock:2) needs Rust 1.78",
      "Cargo.toml:5 promises Rust 1.70, and edition 2024 of a (Cargo.toml:4) needs Rust 1.85",
      "Cargo.toml:5 promises Rust 1.70, and Cargo.lock of format 4 (Cargo.lock:2) needs Rust 1.78",
    ]);
  });
});
