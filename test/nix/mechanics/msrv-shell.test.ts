import { describe, expect, it } from "vitest";
import { msrvSites, withRelease } from "../../../src/nix/mechanics/msrv-shell.ts";

describe("the msrv of a flake", () => {
  it.each([
    ["a variable", 'let\n  msrv = "1.60.0";\nin msrv', [{ release: "1.60.0", line: 2 }]],
    [
      "a shell out of rust-overlay",
      '{\n  devShells.x.msrv = pkgs.mkShell {\n    packages = [ pkgs.rust-bin.stable."1.60".minimal pkgs.git ];\n  };\n  other = pkgs.rust-bin.stable."1.70.0".default;\n}',
      [{ release: "1.60", line: 3 }],
    ],
    ["a version beside it that is none of Rust", 'msrv = pkgs.mkShell { version = "1.2.3"; };', []],
    ["a comment", '# msrv = "1.60.0";\n{ }', []],
    ["a moving channel", "msrv = pkgs.rust-bin.stable.latest.minimal;", []],
    ["a text inside of another", 'msrv = "${"1.60.0"}-x";', []],
  ] as const)("is found in %s", (_, source, found) => {
    expect(msrvSites(source).map(({ release, line }) => ({ release, line }))).toEqual(found);
  });

  it("is replaced where it stands, and nothing else is", () => {
    const source = 'let msrv = "1.60.0"; other = "1.60.0"; in { }';
    const [site] = msrvSites(source);
    expect(site && withRelease(source, site, "1.74.0")).toBe('let msrv = "1.74.0"; other = "1.60.0"; in { }');
  });
});
