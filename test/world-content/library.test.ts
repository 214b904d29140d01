import { describe, expect, test } from "vitest";
import { cannotRun, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("lib of the nixpkgs stand-in", () => {
  const { value } = shipped();

  test("trivial functions", async () => {
    const result = await value(`{
      pipe = lib.pipe 2 [ (x: x + 1) toString ];
      flip = lib.flip (a: b: a - b) 1 5;
      const = lib.const 1 2;
      toml = (lib.importTOML (builtins.toFile "a.toml" "[package]\\nname = \\"x\\"")).package.name;
      json = lib.importJSON (builtins.toFile "a.json" "[1]");
      fix = (lib.fix (self: { a = 1; b = self.a + 1; })).b;
      extends = lib.fix (lib.extends (final: prev: { a = prev.a + 10; }) (self: { a = 1; b = self.a; }));
      composed = (lib.composeExtensions (_: prev: { a = prev.a + 1; }) (_: prev: { a = prev.a * 10; })) { } { a = 1; };
      many = lib.fix (lib.extends (lib.composeManyExtensions [ (_: prev: { a = prev.a + 1; }) (_: prev: { a = prev.a * 10; }) ]) (_: { a = 1; }));
      throwIf = (builtins.tryEval (lib.throwIf true "no" 1)).success;
      functionArgs = lib.functionArgs (lib.setFunctionArgs (x: x) { a = true; });
      hex = lib.toHexString 255;
    }`);
    expect(result).toEqual({
      pipe: "3",
      flip: 4,
      const: 1,
      toml: "x",
      json: [1],
      fix: 2,
      extends: { a: 11, b: 11 },
      composed: { a: 20 },
      many: { a: 20 },
      throwIf: false,
      functionArgs: { a: true },
      hex: "FF",
    });
  });

  test("attribute sets and lists", async () => {
    const result = await value(`{
      genAttrs = lib.genAttrs [ "a" "b" ] (n: n + n);
      filter = lib.filterAttrs (n: v: n == "a" || v > 2) { a = 1; b = 2; c = 3; };
      mapToList = lib.mapAttrsToList (n: v: n + toString v) { a = 1; b = 2; };
      renamed = lib.mapAttrs' (n: v: lib.nameValuePair (n + "x") v) { a = 1; };
      update = lib.recursiveUpdate { a = { b = 1; c = 2; }; d = 1; } { a.b = 9; e = 3; };
      byPath = lib.attrByPath [ "a" "b" ] "none" { a.b = 1; };
      noPath = lib.attrByPath [ "a" "z" ] "none" { a.b = 1; };
      has = lib.hasAttrByPath [ "a" "b" ] { a.b = null; };
      set = lib.setAttrByPath [ "a" "b" ] 1;
      recursive = lib.mapAttrsRecursive (path: v: lib.concatStringsSep "." path + toString v) { a.b = 1; };
      collect = lib.collect builtins.isInt { a = 1; b.c = 2; };
      fold = lib.foldlAttrs (acc: n: v: acc + n + toString v) "" { a = 1; b = 2; };
      product = lib.cartesianProduct { a = [ 1 2 ]; b = [ 3 ]; };
      optional = lib.optionalAttrs false { a = 1; };
      flatten = lib.flatten [ 1 [ 2 [ 3 ] ] ];
      optionals = lib.optionals true [ 1 ] ++ lib.optional false 2;
      unique = lib.unique [ 1 2 1 ];
      subtract = lib.subtractLists [ 2 ] [ 1 2 3 ];
      intersect = lib.intersectLists [ 1 2 ] [ 2 3 ];
      foldr = lib.foldr (x: acc: x + acc) "" [ "a" "b" ];
      imap = lib.imap0 (i: x: i + x) [ 1 1 ];
      range = lib.range 1 3;
      takeDrop = [ (lib.take 2 [ 1 2 3 ]) (lib.drop 2 [ 1 2 3 ]) ];
      first = lib.findFirst (x: x > 1) null [ 1 2 3 ];
      partition = lib.partition (x: x > 1) [ 1 2 ];
      natural = lib.naturalSort [ "a10" "a9" ];
      toposort = lib.toposort (a: b: a < b) [ 3 1 2 ];
      zip = lib.zipListsWith (a: b: a + b) [ 1 2 ] [ 3 4 ];
      groups = lib.groupBy (x: if x > 1 then "big" else "small") [ 1 2 3 ];
      last = lib.last [ 1 2 ];
    }`);
    expect(result).toEqual({
      genAttrs: { a: "aa", b: "bb" },
      filter: { a: 1, c: 3 },
      mapToList: ["a1", "b2"],
      renamed: { ax: 1 },
      update: { a: { b: 9, c: 2 }, d: 1, e: 3 },
      byPath: 1,
      noPath: "none",
      has: true,
      set: { a: { b: 1 } },
      recursive: { a: { b: "a.b1" } },
      collect: [1, 2],
      fold: "a1b2",
      product: [
        { a: 1, b: 3 },
        { a: 2, b: 3 },
      ],
      optional: {},
      flatten: [1, 2, 3],
      optionals: [1],
      unique: [1, 2],
      subtract: [1, 3],
      intersect: [2],
      foldr: "ab",
      imap: [1, 2],
      range: [1, 2, 3],
      takeDrop: [[1, 2], [3]],
      first: 2,
      partition: { right: [2], wrong: [1] },
      natural: ["a9", "a10"],
      toposort: { result: [1, 2, 3] },
      zip: [4, 6],
      groups: { small: [1], big: [2, 3] },
      last: 2,
    });
  });

  test("strings and versions", async () => {
    const result = await value(`{
      map = lib.concatMapStringsSep ", " (x: "<" + x + ">") [ "a" "b" ];
      args = lib.escapeShellArgs [ "plain" "two words" "it's" "" ];
      prefix = [ (lib.hasPrefix "ab" "abc") (lib.removePrefix "ab" "abc") (lib.removePrefix "x" "abc") ];
      suffix = [ (lib.hasSuffix ".rs" "a.rs") (lib.removeSuffix ".rs" "a.rs") ];
      infix = [ (lib.hasInfix "b.d" "abcd") (lib.hasInfix "b.d" "ab.d") ];
      split = lib.splitString "." "1.2.3";
      replace = lib.replaceStrings [ "a" ] [ "b" ] "aXa";
      trim = lib.trim "  a b\\n";
      case = [ (lib.toUpper "aé1") (lib.toLower "AbC") ];
      int = lib.toInt " 12 ";
      ambiguous = (builtins.tryEval (lib.toInt "012")).success;
      optional = lib.optionalString false "x";
      paths = lib.makeBinPath [ "/a" "/b" ];
      libraries = lib.makeLibraryPath [ { out = "/o"; lib = "/l"; outPath = "/o"; } ];
      contents = lib.fileContents (builtins.toFile "v" "1.2\\n");
      fixed = lib.fixedWidthNumber 3 7;
      older = [ (lib.versionOlder "1.2" "1.10") (lib.versionAtLeast "1.10" "1.2") ];
      versions = [ (lib.versions.major "1.2.3") (lib.versions.majorMinor "1.2.3") (lib.versions.pad 3 "1.2") ];
      name = [ (lib.getName "hello-1.0") (lib.getVersion "hello-1.0") ];
      url = lib.escapeURL "a b/ü";
      regex = lib.escapeRegex "a.b";
      store = lib.strings.sanitizeDerivationName "..a b/c";
      ini = lib.generators.toINI { } { a = { b = 1; c = true; }; };
      pretty = lib.generators.toPretty { multiline = false; } { a = [ 1 "x" null ]; };
      gnu = lib.cli.toGNUCommandLineShell { } { a = 1; long = "x y"; no = false; yes = true; many = [ 1 2 ]; };
    }`);
    expect(result).toEqual({
      map: "<a>, <b>",
      args: "plain 'two words' 'it'\\''s' ''",
      prefix: [true, "c", "abc"],
      suffix: [true, "a"],
      infix: [false, true],
      split: ["1", "2", "3"],
      replace: "bXb",
      trim: "a b",
      case: ["Aé1", "abc"],
      int: 12,
      ambiguous: false,
      optional: "",
      paths: "/a/bin:/b/bin",
      libraries: "/l/lib",
      contents: "1.2",
      fixed: "007",
      older: [true, true],
      versions: ["1", "1.2", "1.2.0"],
      name: ["hello", "1.0"],
      url: "a%20b%2Fü",
      regex: "a\\.b",
      store: "a-b-c",
      ini: "[a]\nb=1\nc=true\n",
      pretty: '{ a = [ 1 "x" null ]; }',
      gnu: "-a 1 --long 'x y' --many 1 --many 2 --yes",
    });
  });

  test("systems, licences and programs", async () => {
    const result = await value(`{
      exposed = builtins.length lib.systems.flakeExposed > 3 && builtins.elem "aarch64-darwin" lib.systems.flakeExposed;
      linux = let s = lib.systems.elaborate "aarch64-linux"; in [ s.isLinux s.isAarch64 s.config s.rust.rustcTarget s.parsed.cpu.name ];
      darwin = let s = lib.systems.elaborate "aarch64-darwin"; in [ s.isDarwin s.config s.rust.rustcTarget s.extensions.sharedLibrary ];
      unknown = (builtins.tryEval (lib.systems.elaborate "nonsense-linux").isLinux).success;
      platforms = builtins.elem "x86_64-linux" lib.platforms.linux;
      licence = [ lib.licenses.mit.spdxId lib.licenses.asl20.free lib.licenses.unfree.free ];
      maintainers = lib.maintainers;
      exe = lib.removePrefix "\${pkgs.jq}" (lib.getExe pkgs.jq);
      exe' = lib.removePrefix "\${lib.getBin pkgs.openssl}" (lib.getExe' pkgs.openssl "openssl");
      outputs = map (p: p.outputName) [ (lib.getBin pkgs.openssl) (lib.getDev pkgs.openssl) (lib.getLib pkgs.openssl) ];
      fake = lib.fakeHash;
    }`);
    expect(result).toEqual({
      exposed: true,
      linux: [true, true, "aarch64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64"],
      darwin: [true, "arm64-apple-darwin", "aarch64-apple-darwin", ".dylib"],
      unknown: false,
      platforms: true,
      licence: ["MIT", true, false],
      maintainers: {},
      exe: "/bin/jq",
      "exe'": "/bin/openssl",
      outputs: ["bin", "dev", "out"],
      fake: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    });
  });

  test("every member of lib evaluates", async () => {
    expect(
      await value(
        `builtins.filter (name: !(builtins.tryEval (builtins.seq lib.\${name} true)).success) (builtins.attrNames lib)`,
      ),
    ).toEqual([]);
  });
});
