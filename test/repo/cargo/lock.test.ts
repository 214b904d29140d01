import { describe, expect, it } from "vitest";
import { parseCargoLock } from "../../../src/repo/cargo/lock.ts";

const REGISTRY = "registry+https://github.com/rust-lang/crates.io-index";
const crate = {
  name: "itoa",
  version: "1.0.11",
  source: { kind: "registry", url: REGISTRY.slice("registry+".length) },
  checksum: "ab",
};

describe("parseCargoLock", () => {
  it("reads version 1 with its checksums in the metadata", () => {
    expect(
      parseCargoLock(
        `[[package]]\nname = "itoa"\nversion = "1.0.11"\nsource = "${REGISTRY}"\n\n[metadata]\n"checksum itoa 1.0.11 (${REGISTRY})" = "ab"\n`,
      ),
    ).toEqual({ state: "present", version: 1, crates: [crate] });
  });

  it.each([
    ["", 2],
    ["version = 3\n", 3],
    ["version = 4\n", 4],
  ])("reads %j as version %i", (head, version) => {
    expect(
      parseCargoLock(`${head}\n[[package]]\nname = "itoa"\nversion = "1.0.11"\nsource = "${REGISTRY}"\nchecksum = "ab"\n`),
    ).toEqual({
      state: "present",
      version,
      crates: [crate],
    });
  });

  it("tells git sources from registries and members from both", () => {
    const lock = parseCargoLock(
      'version = 4\n[[package]]\nname = "a"\nversion = "1.0.0"\n[[package]]\nname = "b"\nversion = "0.1.0"\nsource = "git+https://example.org/b?branch=main#0123"\n',
    );
    expect(lock.crates).toEqual([
      { name: "a", version: "1.0.0" },
      { name: "b", version: "0.1.0", source: { kind: "git", url: "https://example.org/b?branch=main#0123" } },
    ]);
  });

  it("says what is wrong with a file that is no lock", () => {
    expect(parseCargoLock("<<<<<<< HEAD\n")).toMatchObject({
      state: "invalid",
      crates: [],
      problem: expect.stringMatching(/^line 1, column \d+: /),
    });
    expect(parseCargoLock("package = 3\n")).toMatchObject({ state: "invalid", problem: expect.stringContaining("package") });
    expect(parseCargoLock("version = 9\n")).toMatchObject({
      state: "invalid",
      version: 9,
      problem: expect.stringContaining("newer"),
    });
  });
});
