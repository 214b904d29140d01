import { describe, expect, test } from "vitest";
import { cannotRun, shipped, type Tree } from "./shipped.ts";

const TREE: Tree = {
  "Cargo.toml": "",
  "Cargo.lock": "",
  "src/main.rs": "",
  "src/deep/mod.rs": "",
  "src/deep/table.txt": "",
  "docs/guide.md": "",
  "README.md": "",
};

describe.skipIf(cannotRun !== undefined)("lib.fileset", () => {
  const { project, nix } = shipped();

  /** What the expressions give in a flake with the files of TREE: a list of paths where it is a set of files. */
  const inFlake = async (expressions: Readonly<Record<string, string>>): Promise<unknown> => {
    const cwd = await project({
      ...TREE,
      "flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
        outputs = { self, nixpkgs }: let
          inherit (nixpkgs) lib;
          fs = lib.fileset;
          names = set: map (path: lib.removePrefix "\${toString ./.}/" (toString path)) (fs.toList set);
          below = dir: lib.concatLists (lib.mapAttrsToList (name: type: if type == "directory" then map (n: "\${name}/\${n}") (below "\${dir}/\${name}") else [ name ]) (builtins.readDir dir));
        in {
          results = { ${Object.entries(expressions)
            .map(([name, text]) => `${name} = ${text};`)
            .join("\n")} };
        };
      }`,
    });
    const done = await nix(cwd, "eval", "--json", ".#results");
    if (done.exit !== 0) throw new Error(done.stderr);
    return JSON.parse(done.stdout);
  };

  test("combines paths as sets", async () => {
    const result = await inFlake({
      union: "names (fs.union ./src/main.rs ./docs)",
      unions: "names (fs.unions [ ./Cargo.toml ./Cargo.lock ./src ])",
      difference: "names (fs.difference ./src ./src/deep)",
      intersection: "names (fs.intersection ./. (fs.unions [ ./src ./README.md ]))",
      nested: "names (fs.difference (fs.union ./src ./docs) (fs.unions [ ./src/deep/table.txt ./docs/guide.md ]))",
      nothing: "names (fs.intersection ./docs ./src)",
      missing: "names (fs.unions [ ./Cargo.toml (fs.maybeMissing ./no-such-file) ])",
      filter: 'names (fs.fileFilter (file: file.hasExt "rs" || file.name == "Cargo.toml") ./.)',
      empty: "names fs.empty",
      source: 'names (fs.fromSource (lib.sources.sourceByRegex ./. [ "src" "src/.*rs" ]))',
    });
    expect(result).toEqual({
      union: ["docs/guide.md", "src/main.rs"],
      unions: ["Cargo.lock", "Cargo.toml", "src/deep/mod.rs", "src/deep/table.txt", "src/main.rs"],
      difference: ["src/main.rs"],
      intersection: ["README.md", "src/deep/mod.rs", "src/deep/table.txt", "src/main.rs"],
      nested: ["src/deep/mod.rs", "src/main.rs"],
      nothing: [],
      missing: ["Cargo.toml"],
      filter: ["Cargo.toml", "src/deep/mod.rs", "src/main.rs"],
      empty: [],
      source: ["src/main.rs"],
    });
  });

  test("puts exactly its files into a source", async () => {
    const result = await inFlake({
      whole: "below (fs.toSource { root = ./.; fileset = fs.unions [ ./Cargo.toml ./src/deep ]; })",
      deeper: "below (fs.toSource { root = ./src; fileset = ./src/main.rs; })",
      wider: 'below (fs.toSource { root = ./src; fileset = fs.fileFilter (file: file.hasExt "txt") ./src/deep; })',
      none: "below (fs.toSource { root = ./.; fileset = fs.empty; })",
      tracked: "below (fs.toSource { root = ./docs; fileset = fs.gitTracked ./docs; })",
      clean: 'below (lib.cleanSourceWith { src = ./.; filter = path: type: type == "directory" || lib.hasSuffix ".md" path; })',
      regex: 'below (lib.sourceByRegex ./. [ "docs" "docs/.*" ])',
    });
    expect(result).toEqual({
      whole: ["Cargo.toml", "src/deep/mod.rs", "src/deep/table.txt"],
      deeper: ["main.rs"],
      wider: ["deep/table.txt"],
      none: [],
      tracked: ["guide.md"],
      clean: ["README.md", "docs/guide.md"],
      regex: ["docs/guide.md"],
    });
  });

  test.each([
    ["fs.unions [ ./no-such-file ]", "lib.fileset.unions: Element 0 (", "is a path that does not exist."],
    [
      `fs.union ./src "\${./docs}"`,
      "lib.fileset.union: Second argument (",
      "is a string-like value, but it should be a file set or a path instead.",
    ],
    [
      "fs.union ./src (lib.cleanSource ./docs)",
      "lib.fileset.union: Second argument is a `lib.sources`-based value",
      "`lib.fileset.fromSource`",
    ],
    ["fs.toSource { root = ./src; fileset = ./docs; }", "`fileset` could contain files in", "which is not under the `root`"],
    [
      "fs.toSource { root = ./README.md; fileset = ./README.md; }",
      "is a file, but it should be a directory instead.",
      "Potential solutions",
    ],
  ])("refuses %s", async (expression, ...texts) => {
    const failed = await inFlake({ x: `builtins.seq (${expression}) 1` }).catch((error: unknown) => String(error));
    for (const text of texts) expect(failed).toContain(text);
  });
});
