import { describe, expect, it } from "vitest";
import { countsOn } from "../../../../src/repo/cargo/reach/target-cfg.ts";

describe("countsOn", () => {
  it.each([
    ["cfg(unix)", true, true],
    ["cfg(windows)", false, false],
    ["cfg(not(windows))", true, true],
    ['cfg(target_os = "linux")', true, false],
    ['cfg(target_os = "macos")', false, true],
    ['cfg(not(target_os = "macos"))', true, false],
    ['cfg(any(target_os = "linux", target_os = "freebsd"))', true, false],
    ['cfg(all(unix, not(any(target_os = "macos", target_os = "ios"))))', true, false],
    ['cfg(all(windows, target_arch = "x86_64"))', false, false],
    ['cfg(target_arch = "x86_64")', true, true],
    ['cfg(all(target_family = "unix", debug_assertions,))', true, true],
    ['cfg(target_family = "wasm")', false, false],
    ["x86_64-unknown-linux-gnu", true, false],
    ["aarch64-apple-darwin", false, true],
    ["x86_64-pc-windows-msvc", false, false],
  ])("%s", (key, linux, darwin) => {
    expect([countsOn(key, "linux"), countsOn(key, "darwin")]).toEqual([linux, darwin]);
  });
});
