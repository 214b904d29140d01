import { describe, expect, it } from "vitest";
import { parseToolchainFile, pinnedRelease } from "../../../src/repo/cargo/toolchain.ts";

describe("parseToolchainFile", () => {
  it("reads TOML and the legacy bare channel", () => {
    expect(
      parseToolchainFile(
        "rust-toolchain.toml",
        '[toolchain]\nchannel = "nightly-2026-01-01"\nprofile = "minimal"\ncomponents = ["clippy"]\n',
      ),
    ).toEqual({
      path: "rust-toolchain.toml",
      channel: "nightly-2026-01-01",
      date: "2026-01-01",
      profile: "minimal",
      components: ["clippy"],
      targets: [],
    });
    expect(parseToolchainFile("rust-toolchain", " 1.79.0\r\n")).toEqual({
      path: "rust-toolchain",
      channel: "1.79.0",
      components: [],
      targets: [],
    });
  });

  it("makes nothing of a file without a channel", () => {
    expect(parseToolchainFile("rust-toolchain.toml", '[toolchain]\npath = "/x"\n')).toBeUndefined();
    expect(parseToolchainFile("rust-toolchain.toml", "[[[")).toBeUndefined();
  });
});

describe("pinnedRelease", () => {
  it.each([
    ["1.79.0", "1.79.0"],
    ["1.79", "1.79"],
    ["1.79.0-x86_64-unknown-linux-gnu", "1.79.0"],
    ["stable", undefined],
    ["nightly-2026-01-01", undefined],
  ])("%s → %s", (channel, release) => expect(pinnedRelease(channel)).toBe(release));
});
