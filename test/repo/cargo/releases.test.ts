import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareReleases, highestRelease, withChannel, writtenLike } from "../../../src/repo/cargo/releases.ts";

const release = fc
  .tuple(fc.nat(3), fc.nat(120), fc.option(fc.nat(9), { nil: undefined }))
  .map(([major, minor, patch]) => [major, minor, ...(patch === undefined ? [] : [patch])].join("."));

describe("releases of Rust", () => {
  it("are compared by their numbers, and what is left out is zero", () => {
    const pairs = [
      ["1.9", "1.10"],
      ["1.75", "1.75.0"],
      ["1.75.1", "1.75"],
      ["1.75.0-beta.2", "1.75"],
    ] as const;
    expect(pairs.map(([a, b]) => Math.sign(compareReleases(a, b)))).toEqual([-1, 0, 1, 0]);
    expect([highestRelease(["1.9", "1.80.1", "1.80"]), highestRelease([])]).toEqual(["1.80.1", undefined]);
  });

  it("have one order, whichever is named first", () => {
    fc.assert(
      fc.property(release, release, (a, b) => {
        expect(Math.sign(compareReleases(a, b))).toBe(0 - Math.sign(compareReleases(b, a)));
        expect(compareReleases(highestRelease([a, b]) ?? "", a)).toBeGreaterThanOrEqual(0);
        expect(compareReleases(writtenLike(a, "1.2.3"), a)).toBe(0);
      }),
    );
  });
});

describe("the channel of a toolchain file", () => {
  it.each([
    ["1.60.0\n", "1.74.0\n"],
    [
      '[toolchain]\nchannel = "1.60.0" # why\nprofile = "minimal"\n',
      '[toolchain]\nchannel = "1.74.0" # why\nprofile = "minimal"\n',
    ],
    ["[toolchain]\n  channel='1.60.0'\n", "[toolchain]\n  channel='1.74.0'\n"],
    // The same text elsewhere is not the channel.
    ['# 1.60.0\n[toolchain]\nchannel = "1.60.0"\n', '# 1.60.0\n[toolchain]\nchannel = "1.74.0"\n'],
    ['toolchain.channel = "1.60.0"\n', undefined],
    ['[toolchain]\nchannel = "1x60y0"\n', undefined],
  ])("%j becomes %j", (before, after) => {
    expect(withChannel(before, "1.60.0", "1.74.0")).toBe(after);
  });
});
