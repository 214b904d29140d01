import { describe, test } from "vitest";
import type { DiagnosisFacts } from "../../../../src/nix/diagnosis.ts";
import { type Case, check, flake, type More, withArguments } from "./code-cases.ts";

/** What each class of failure changes in a flake that somebody wrote: the one place, in its own form, and nothing on a second look. */

describe("attributes", () => {
  const renamed = (attribute: string, suggestion: string, alternatives?: number): DiagnosisFacts => ({
    kind: "attribute",
    attribute,
    suggestion,
    ...(alternatives !== undefined && { alternatives }),
    undefinedVariable: false,
  });
  const unbound = (attribute: string): DiagnosisFacts => ({ kind: "attribute", attribute, undefinedVariable: true });
  const at = (line: number): More => ({ position: { file: "flake.nix", line, column: 1 } });

  test("what nixpkgs renamed, and the one name that Nix suggests", () =>
    check(
      [
        {
          about: "at every use of the path, in texts too",
          facts: renamed("openssl_1_1", "openssl"),
          before:
            '        buildInputs = [ pkgs.openssl_1_1 ]; # openssl_1_1\n        OPENSSL_DIR = "${pkgs.openssl_1_1.dev}/openssl_1_1";',
          after:
            '        buildInputs = [ pkgs.openssl ]; # openssl_1_1\n        OPENSSL_DIR = "${pkgs.openssl.dev}/openssl_1_1";',
        },
        {
          about: "behind with",
          facts: renamed("openssl_1_1", "openssl"),
          before: "        buildInputs = with pkgs; [ openssl_1_1 zlib ];",
          after: "        buildInputs = with pkgs; [ openssl zlib ];",
        },
        {
          about: "a path of several names",
          facts: renamed("xorg.libX11", "libx11"),
          before: "        buildInputs = [ pkgs.xorg.libX11 pkgs.xorg.libX11.dev pkgs.libX11 ];",
          after: "        buildInputs = [ pkgs.libx11 pkgs.libx11.dev pkgs.libX11 ];",
        },
        {
          about: "one of several near names, and a slip of one letter",
          facts: renamed("openssll", "openssl", 3),
          more: at(12),
          before: "        buildInputs = [ pkgs.openssll ];",
          after: "        buildInputs = [ pkgs.openssl ];",
        },
        {
          about: "a program whose package has another name, whatever name is near",
          facts: renamed("gmake", "cmake", 2),
          before: "        nativeBuildInputs = [ pkgs.gmake ];",
          after: "        nativeBuildInputs = [ pkgs.gnumake ];",
        },
        {
          about: "one of several near names that differs by more",
          facts: renamed("opensslx3", "openssl", 3),
          more: at(12),
          before: "        buildInputs = [ pkgs.opensslx3 ];",
          after: undefined,
        },
        {
          about: "a variable of that name is not the attribute",
          facts: renamed("helper", "helpers"),
          before: "        buildInputs = let helper = pkgs.zlib; in [ helper ];",
          after: undefined,
        },
        {
          about: "what is inherited would be missed where it is used",
          facts: renamed("openssl_1_1", "openssl"),
          before: "        buildInputs = let inherit (pkgs) openssl_1_1; in [ openssl_1_1 ];",
          after: undefined,
        },
        {
          about: "removed, with no heir",
          facts: { kind: "attribute", attribute: "openssl_1_1", undefinedVariable: false },
          before: "        buildInputs = [ pkgs.openssl_1_1 ];",
          after: undefined,
        },
      ],
      withArguments,
    ));

  test("variables that nothing binds", () =>
    check(
      [
        {
          about: "an attribute of pkgs",
          facts: unbound("openssl"),
          more: at(12),
          before: "        buildInputs = [ openssl ];",
          after: "        buildInputs = [ pkgs.openssl ];",
        },
        {
          about: "lib",
          facts: unbound("lib"),
          more: at(12),
          before: "        doCheck = lib.version != null;",
          after: "        doCheck = nixpkgs.lib.version != null;",
        },
        {
          about: "a slip",
          facts: unbound("pkgz"),
          more: at(12),
          before: "        buildInputs = [ pkgz.zlib ];",
          after: "        buildInputs = [ pkgs.zlib ];",
        },
        { about: "nobody knows it", facts: unbound("nobody"), more: at(12), before: "        x = nobody;", after: undefined },
      ],
      withArguments,
    ));

  test("an input that outputs does not take", () =>
    check(
      [
        { about: "one line", facts: unbound("nixpkgs"), before: "{ self }: nixpkgs", after: "{ self, nixpkgs }: nixpkgs" },
        { about: "no argument", facts: unbound("nixpkgs"), before: "{ }: nixpkgs", after: "{ nixpkgs }: nixpkgs" },
        { about: "dots", facts: unbound("nixpkgs"), before: "{ self, ... }: nixpkgs", after: "{ self, nixpkgs, ... }: nixpkgs" },
        {
          about: "one name a line",
          facts: unbound("nixpkgs"),
          before: "{\n      self,\n      b ? 1,\n    }: nixpkgs",
          after: "{\n      self,\n      b ? 1,\n      nixpkgs,\n    }: nixpkgs",
        },
        {
          about: "commas at the front",
          facts: unbound("nixpkgs"),
          before: "{ self\n    , b\n    }@inputs: nixpkgs",
          after: "{ self\n    , b, nixpkgs\n    }@inputs: nixpkgs",
        },
      ],
      (body) => flake(`  outputs = ${body};\n`),
    ));

  test("a package function takes what it uses", () =>
    check(
      [
        {
          about: "known to nixpkgs",
          facts: unbound("openssl"),
          before: "{ lib, rustPlatform }: rustPlatform.buildRustPackage { buildInputs = [ openssl ]; }",
          after: "{ lib, rustPlatform, openssl }: rustPlatform.buildRustPackage { buildInputs = [ openssl ]; }",
        },
        {
          about: "renamed: argument and uses",
          facts: renamed("libpq_old", "libpq"),
          before: "{ lib, libpq_old }: [ libpq_old ]",
          after: "{ lib, libpq }: [ libpq ]",
        },
      ],
      (body) => body,
    ));
});

test("native libraries, generators, build tools, libclang", () =>
  check(
    [
      {
        about: "a crate of the table, with its variable",
        facts: { kind: "native-library", crate: "openssl-sys", library: "openssl", pkgConfigMissing: true },
        before: "        src = ./.;",
        after:
          '        src = ./.;\n        nativeBuildInputs = [ pkgs.pkg-config ];\n        buildInputs = [ pkgs.openssl ];\n        OPENSSL_NO_VENDOR = "1";',
      },
      {
        about: "a name of the linker, beside what is there",
        facts: { kind: "native-library", library: "sqlite3", pkgConfigMissing: false },
        before: "        nativeBuildInputs = [ pkgs.pkg-config ];\n        buildInputs = with pkgs; [ zlib ];",
        after: "        nativeBuildInputs = [ pkgs.pkg-config ];\n        buildInputs = with pkgs; [ zlib sqlite ];",
      },
      {
        about: "protoc",
        facts: { kind: "generator-missing", program: "protoc" },
        before: "        src = ./.;",
        after: "        src = ./.;\n        nativeBuildInputs = [ pkgs.protobuf ];",
      },
      {
        about: "cmake",
        facts: { kind: "build-tool-missing", program: "cmake" },
        before: "        nativeBuildInputs = [\n          pkgs.perl\n        ];",
        after: "        nativeBuildInputs = [\n          pkgs.perl\n          pkgs.cmake\n        ];",
      },
      {
        about: "libclang",
        facts: { kind: "libclang" },
        before: "        src = ./.;",
        after: "        src = ./.;\n        nativeBuildInputs = [ pkgs.rustPlatform.bindgenHook ];",
      },
      {
        about: "no row knows it",
        facts: { kind: "native-library", library: "nobody-knows", pkgConfigMissing: false },
        before: "        src = ./.;",
        after: undefined,
      },
    ],
    withArguments,
  ));

test("a package function gets its native inputs as arguments", () =>
  check(
    [
      {
        about: "callPackage",
        facts: { kind: "native-library", library: "sqlite3", pkgConfigMissing: false },
        before: "{ lib, rustPlatform }:\nrustPlatform.buildRustPackage {\n  src = ./.;\n}\n",
        after:
          "{ lib, rustPlatform, pkg-config, sqlite }:\nrustPlatform.buildRustPackage {\n  src = ./.;\n  nativeBuildInputs = [ pkg-config ];\n  buildInputs = [ sqlite ];\n}\n",
      },
    ],
    (body) => body,
  ));

test("packages are named as the build names its builder", () =>
  check(
    [
      {
        about: "an overlay, where nothing is called pkgs",
        facts: { kind: "build-tool-missing", program: "perl" },
        before:
          "final: _: { tool = final.rustPlatform.buildRustPackage { src = self; nativeBuildInputs = [ final.makeWrapper ]; }; }",
        after:
          "final: _: { tool = final.rustPlatform.buildRustPackage { src = self; nativeBuildInputs = [ final.makeWrapper final.perl ]; }; }",
      },
      {
        about: "behind with",
        facts: { kind: "build-tool-missing", program: "perl" },
        before: "final: prev: { tool = prev.rustPlatform.buildRustPackage { nativeBuildInputs = with prev; [ cmake ]; }; }",
        after: "final: prev: { tool = prev.rustPlatform.buildRustPackage { nativeBuildInputs = with prev; [ cmake perl ]; }; }",
      },
      {
        about: "two calls that do not agree, and no set of packages by the usual name",
        facts: { kind: "build-tool-missing", program: "perl" },
        before:
          "final: prev: { a = prev.rustPlatform.buildRustPackage { nativeBuildInputs = [ ]; }; b = final.rustPlatform.buildRustPackage { nativeBuildInputs = [ ]; }; }",
        after: undefined,
      },
      {
        about: "a set that is none of the file's names",
        facts: { kind: "build-tool-missing", program: "perl" },
        before: "with x; { a = far.rustPlatform.buildRustPackage { nativeBuildInputs = [ ]; }; }",
        after: undefined,
      },
    ],
    (body) => flake(`  outputs = { self, nixpkgs }: { overlays.default = ${body}; packages = { }; };\n`),
  ));

test("git metadata, a home for tests, no terminal", () =>
  check(
    [
      {
        about: "a variable",
        facts: { kind: "git-metadata", variable: "VERGEN_GIT_SHA" },
        before: "        src = ./.;",
        after: '        src = ./.;\n        VERGEN_GIT_SHA = self.shortRev or self.dirtyShortRev or "unknown";',
      },
      {
        about: "vergen, which asks git itself",
        facts: { kind: "git-metadata" },
        more: { excerpt: "vergen: could not find repository" },
        before: "        src = ./.;",
        after: '        src = ./.;\n        VERGEN_IDEMPOTENT = "1";',
      },
      { about: "some other asker", facts: { kind: "git-metadata" }, before: "        src = ./.;", after: undefined },
      {
        about: "a dirty tree has no revision",
        facts: { kind: "git-metadata", variable: "self.rev" },
        before: '        GIT_REV = self.rev;\n        B = self.rev or "x";',
        after: '        GIT_REV = (self.rev or self.dirtyRev or "unknown");\n        B = self.rev or "x";',
      },
      {
        about: "tests that look for HOME",
        facts: { kind: "sandboxed-test", tests: ["a"] },
        more: { excerpt: "/homeless-shelter: Permission denied" },
        before: "        src = ./.;",
        after: "        src = ./.;\n        preCheck = ''\n          export HOME=$(mktemp -d)\n        '';",
      },
      {
        about: "the same in other words",
        facts: { kind: "sandboxed-test", tests: ["a"] },
        more: { excerpt: "the home folder can be written: No such file or directory" },
        before: "        src = ./.;",
        after: "        src = ./.;\n        preCheck = ''\n          export HOME=$(mktemp -d)\n        '';",
      },
      {
        about: "another home",
        facts: { kind: "sandboxed-test", tests: ["a"] },
        more: { excerpt: "the home page is not found" },
        before: "        src = ./.;",
        after: undefined,
      },
      {
        about: "tests that look for the network",
        facts: { kind: "sandboxed-test", tests: ["a"] },
        more: { excerpt: "Could not resolve host" },
        before: "        src = ./.;",
        after: undefined,
      },
      {
        about: "a prompt",
        facts: { kind: "interactive" },
        before: '        CI = "1";',
        after: '        CI = "1";\n        TERM = "dumb";\n        NO_COLOR = "1";',
      },
    ],
    withArguments,
  ));

describe("source filters", () => {
  const missing: DiagnosisFacts = { kind: "source-filter", path: "assets/text.txt" };
  const cases = (
    pairs: readonly (readonly [string, string, string | undefined])[],
    facts: DiagnosisFacts = missing,
  ): readonly Case[] =>
    pairs.map(([about, before, after]) => ({ about, facts, before: `        ${before}`, after: after && `        ${after}` }));
  const KEEP = 'builtins.match ".*/assets(/text[.]txt(/.*)?)?" (toString path) != null';

  test("each form lets the path through and stays what it was", () =>
    check(
      [
        ...cases([
          [
            "cleanCargoSource of crane",
            "src = craneLib.cleanCargoSource ./.;",
            `src = nixpkgs.lib.fileset.toSource {
          root = ./.;
          fileset = nixpkgs.lib.fileset.unions [
            (craneLib.fileset.commonCargoSources ./.)
            ./assets/text.txt
          ];
        };`.replaceAll("nixpkgs.lib", "pkgs.lib"),
          ],
          [
            "its older spelling",
            "src = craneLib.cleanCargoSource (craneLib.path ./.);",
            `src = pkgs.lib.fileset.toSource {
          root = ./.;
          fileset = pkgs.lib.fileset.unions [
            (craneLib.fileset.commonCargoSources ./.)
            ./assets/text.txt
          ];
        };`,
          ],
          [
            "unions on one line",
            "src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./Cargo.toml ./src ]; };",
            "src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./Cargo.toml ./src ./assets/text.txt ]; };",
          ],
          [
            "unions, one a line",
            "src = pkgs.lib.fileset.toSource {\n          root = ./.;\n          fileset = pkgs.lib.fileset.unions [\n            ./Cargo.toml\n            ./src\n          ];\n        };",
            "src = pkgs.lib.fileset.toSource {\n          root = ./.;\n          fileset = pkgs.lib.fileset.unions [\n            ./Cargo.toml\n            ./src\n            ./assets/text.txt\n          ];\n        };",
          ],
          [
            "another fileset",
            'src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.fileFilter (f: f.hasExt "rs") ./.; };',
            'src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ (pkgs.lib.fileset.fileFilter (f: f.hasExt "rs") ./.) ./assets/text.txt ]; };',
          ],
          [
            "a filter that is a function of path and type",
            "src = pkgs.lib.cleanSourceWith { src = ./.; filter = path: type: craneLib.filterCargoSources path type; };",
            `src = pkgs.lib.cleanSourceWith { src = ./.; filter = path: type: (craneLib.filterCargoSources path type) || ${KEEP}; };`,
          ],
          [
            "a filter by name",
            "src = pkgs.lib.cleanSourceWith { src = ./.; filter = craneLib.filterCargoSources; };",
            `src = pkgs.lib.cleanSourceWith { src = ./.; filter = path: type: (craneLib.filterCargoSources path type) || ${KEEP}; };`,
          ],
          [
            "filterSource",
            'src = builtins.filterSource (p: t: baseNameOf p != "assets") ./.;',
            `src = builtins.filterSource (p: t: (baseNameOf p != "assets") || ${KEEP.replace("toString path", "toString p")}) ./.;`,
          ],
          [
            "sourceByRegex",
            'src = pkgs.lib.sourceByRegex ./. [ "^src.*" "Cargo\\\\..*" ];',
            'src = pkgs.lib.sourceByRegex ./. [ "^src.*" "Cargo\\\\..*" "assets(/text[.]txt(/.*)?)?" ];',
          ],
          [
            "sourceFilesBySuffices",
            'src = pkgs.lib.sourceFilesBySuffices ./. [ ".rs" ];',
            'src = pkgs.lib.sourceFilesBySuffices ./. [ ".rs" "text.txt" ];',
          ],
          ["no filter", "src = ./.;", undefined],
        ]),
        ...cases(
          [
            [
              "saved queries of sqlx, and that there is no database",
              "src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./src ]; };",
              'src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./src ./.sqlx ]; };\n        SQLX_OFFLINE = "true";',
            ],
          ],
          { kind: "source-filter", path: ".sqlx" },
        ),
        ...cases(
          [
            [
              "the folder of a path dependency",
              "src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./src ]; };",
              "src = pkgs.lib.fileset.toSource { root = ./.; fileset = pkgs.lib.fileset.unions [ ./src ./common ]; };",
            ],
          ],
          { kind: "path-outside-source", path: "common" },
        ),
        ...cases([["what git does not track is no filter's fault", "src = craneLib.cleanCargoSource ./.;", undefined]], {
          kind: "source-filter",
          path: "nowhere.txt",
        }),
      ],
      withArguments,
    ));
});

describe("outputs", () => {
  const lacks = (attribute: string): DiagnosisFacts => ({ kind: "missing-output", attribute });
  const outputs = (body: string): string => flake(`  outputs = { self, nixpkgs }: ${body};\n`);

  test("the name default for the one package, in the form of the flake", () =>
    check(
      [
        {
          about: "a path each",
          facts: lacks("packages.x86_64-linux.default"),
          before: "{\n    packages.x86_64-linux.tool = 1;\n  }",
          after:
            "{\n    packages.x86_64-linux.tool = 1;\n    packages.x86_64-linux.default = self.packages.x86_64-linux.tool;\n  }",
        },
        {
          about: "a variable system",
          facts: lacks("packages.x86_64-linux.default"),
          before: 'let system = "x86_64-linux"; in {\n    packages.${system}.tool = f {\n      a = 1;\n    };\n  }',
          after:
            // A second `packages.${system}` in the same set would be an error of its own.
            'let system = "x86_64-linux"; in {\n    packages.${system} = {\n      tool = f {\n      a = 1;\n    };\n      default = self.packages.${system}.tool;\n    };\n  }',
        },
        {
          about: "a set of one system",
          facts: lacks("packages.x86_64-linux.default"),
          before: "{\n    packages.x86_64-linux = {\n      tool = 1;\n    };\n  }",
          after:
            "{\n    packages.x86_64-linux = {\n      tool = 1;\n\n      default = self.packages.x86_64-linux.tool;\n    };\n  }",
        },
        {
          about: "a function of the system",
          facts: lacks("packages.x86_64-linux.default"),
          before: "{\n    packages = each (system: let a = 1; in {\n      tool = a;\n    });\n  }",
          after:
            "{\n    packages = each (system: let a = 1; in {\n      tool = a;\n\n      default = self.packages.${system}.tool;\n    });\n  }",
        },
        {
          about: "a function of the packages, in which nothing is called system",
          facts: lacks("packages.x86_64-linux.default"),
          before:
            "let each = f: genAttrs systems (system: f nixpkgs.legacyPackages.${system}); in {\n    packages = each (pkgs: {\n      tool = 1;\n    });\n  }",
          after:
            "let each = f: genAttrs systems (system: f nixpkgs.legacyPackages.${system}); in {\n    packages = each (pkgs: {\n      tool = 1;\n\n      default = self.packages.${pkgs.stdenv.hostPlatform.system}.tool;\n    });\n  }",
        },
        {
          about: "neither a system nor packages are known there",
          facts: lacks("packages.x86_64-linux.default"),
          before:
            "let each = f: genAttrs systems (system: f system); g = pkgs: pkgs; in {\n    packages = each (platform: {\n      tool = 1;\n    });\n  }",
          after: undefined,
        },
        {
          about: "what is asked of the output stands behind it",
          facts: lacks("packages.x86_64-linux.default.drvPath"),
          before: "{\n    packages.x86_64-linux = {\n      tool = 1;\n    };\n  }",
          after:
            "{\n    packages.x86_64-linux = {\n      tool = 1;\n\n      default = self.packages.x86_64-linux.tool;\n    };\n  }",
        },
        {
          about: "a path each in the body of eachSystem, where the outputs carry no system",
          facts: lacks("packages.x86_64-linux.default"),
          before:
            "flake-utils.lib.eachDefaultSystem (system: let a = 1; in {\n    packages.tool = a;\n    checks.lint = a;\n  })",
          after:
            "flake-utils.lib.eachDefaultSystem (system: let a = 1; in {\n    packages.tool = a;\n    packages.default = self.packages.${system}.tool;\n    checks.lint = a;\n  })",
        },
        {
          about: "of several packages the one that is called like the crate",
          facts: lacks("packages.x86_64-linux.default"),
          place: { rootPackage: "tool" },
          before: "{\n    packages.x86_64-linux.other = 1;\n    packages.x86_64-linux.tool = 2;\n  }",
          after:
            "{\n    packages.x86_64-linux.other = 1;\n    packages.x86_64-linux.tool = 2;\n    packages.x86_64-linux.default = self.packages.x86_64-linux.tool;\n  }",
        },
        {
          about: "of several, none of which is",
          facts: lacks("packages.x86_64-linux.default"),
          before: "{\n    packages.x86_64-linux.other = 1;\n    packages.x86_64-linux.tool = 2;\n  }",
          after: undefined,
        },
        {
          about: "another name",
          facts: lacks("packages.x86_64-linux.nope"),
          before: "{\n    packages.x86_64-linux.tool = 1;\n  }",
          after: undefined,
        },
      ],
      outputs,
    ));

  test("a system of the list", () =>
    check(
      [
        {
          about: "on one line",
          facts: lacks("aarch64-linux"),
          before: 'each [ "x86_64-linux" ] (system: { })',
          after: 'each [ "x86_64-linux" "aarch64-linux" ] (system: { })',
        },
        {
          about: "one a line",
          facts: lacks("packages.aarch64-darwin.default"),
          before: 'each [\n    "x86_64-linux"\n    "aarch64-linux"\n  ] (system: { })',
          after: 'each [\n    "x86_64-linux"\n    "aarch64-linux"\n    "aarch64-darwin"\n  ] (system: { })',
        },
        {
          about: "two lists",
          facts: lacks("aarch64-linux"),
          before: '{ a = each [ "x86_64-linux" ]; b = each [ "x86_64-linux" ]; }',
          after: undefined,
        },
      ],
      outputs,
    ));
});

test("frameworks of the removed Darwin SDK", () =>
  check(
    [
      {
        about: "elements of a list",
        facts: { kind: "darwin-sdk", attribute: "darwin.apple_sdk" },
        before:
          "        buildInputs = [ pkgs.zlib ] ++ pkgs.lib.optionals pkgs.stdenv.isDarwin [\n          pkgs.libiconv\n          pkgs.darwin.apple_sdk.frameworks.Security\n        ];",
        after:
          "        buildInputs = [ pkgs.zlib ] ++ pkgs.lib.optionals pkgs.stdenv.isDarwin [\n          pkgs.libiconv\n        ];",
      },
      {
        about: "behind with",
        facts: { kind: "darwin-sdk", attribute: "darwin.apple_sdk_11_0" },
        before: "        buildInputs = with pkgs.darwin.apple_sdk_11_0.frameworks; [ Security SystemConfiguration ];",
        after: "        buildInputs = [ ];",
      },
      {
        about: "in some other place",
        facts: { kind: "darwin-sdk", attribute: "darwin.apple_sdk" },
        before: "        SDK = pkgs.darwin.apple_sdk.sdk;",
        after: undefined,
      },
    ],
    withArguments,
  ));

test("one toolchain for all steps of crane", () =>
  check(
    [
      {
        about: "the chosen one",
        facts: { kind: "mixed-toolchains" },
        before:
          "        x = let plain = crane.mkLib pkgs; craneLib = (crane.mkLib pkgs).overrideToolchain rust; in craneLib.buildPackage { cargoArtifacts = plain.buildDepsOnly { }; };",
        after:
          "        x = let plain = crane.mkLib pkgs; craneLib = (crane.mkLib pkgs).overrideToolchain rust; in craneLib.buildPackage { cargoArtifacts = craneLib.buildDepsOnly { }; };",
      },
      {
        about: "two chosen ones",
        facts: { kind: "mixed-toolchains" },
        before:
          "        x = let a = (crane.mkLib pkgs).overrideToolchain one; b = (crane.mkLib pkgs).overrideToolchain two; in a.buildPackage { cargoArtifacts = b.buildDepsOnly { }; };",
        after: undefined,
      },
    ],
    withArguments,
  ));

describe("slips for which Nix names the one thing it expects", () => {
  const syntax = (unexpected: string, expected: string, line: number, column: number): Pick<Case, "facts" | "more"> => ({
    facts: { kind: "syntax", expected },
    more: {
      message: `syntax error, unexpected ${unexpected}, expecting ${expected}`,
      position: { file: "flake.nix", line, column },
    },
  });
  const outputs = (body: string): string => `{\n  outputs = { self }: {\n${body}  };\n}\n`;

  test("semicolons and colons", () =>
    check(
      [
        {
          about: "before a binding",
          ...syntax("'='", "';'", 4, 9),
          before: '    version = "1"\n    src = ./.;\n',
          after: '    version = "1";\n    src = ./.;\n',
        },
        {
          about: "before a binding of a path",
          ...syntax("'='", "';'", 4, 26),
          before: "    a.b.c = 1\n    packages.${system}.d.e.f = 2;\n".replace(".e.f", ""),
          after: "    a.b.c = 1;\n    packages.${system}.d = 2;\n",
        },
        {
          about: "before inherit, in the words of 2.34",
          ...syntax("'inherit'", "';'", 4, 5),
          before: "    a = [\n    ]\n    inherit self;\n".replace("[\n    ]", "[ ]"),
          after: "    a = [ ];\n    inherit self;\n",
        },
        {
          about: "before the brace, behind a comment",
          ...syntax("'}'", "';'", 4, 3),
          before: "    a = 1 # one\n",
          after: "    a = 1; # one\n",
        },
        {
          about: "a colon",
          ...syntax("':'", "'.' or '='", 3, 12),
          before: '    version: "1";\n',
          after: '    version = "1";\n',
        },
        {
          about: "two bindings on one line: which value ends is not known",
          ...syntax("'='", "';'", 3, 13),
          before: "    a = b c = 1;\n",
          after: undefined,
        },
      ],
      outputs,
    ));

  test("a string that begins with three quotes, and the last brace", () =>
    check(
      [
        {
          about: "three quotes",
          ...syntax("end of file", "IND_STR or DOLLAR_CURLY or IND_STRING_CLOSE", 8, 1),
          before: "{\n  a = '''\n    echo ''${b}\n  ''';\n  c = 1;\n}\n",
          after: "{\n  a = ''\n    echo ''${b}\n  '';\n  c = 1;\n}\n",
        },
        {
          about: "two such strings",
          ...syntax("end of file", "IND_STR or DOLLAR_CURLY or IND_STRING_CLOSE", 8, 1),
          before: "{\n  a = '''\n  ''';\n  c = '''\n  ''';\n}\n",
          after: undefined,
        },
        {
          about: "the last brace",
          ...syntax("end of file", "INHERIT", 6, 1),
          before: "{\n  outputs = { self }: { a = 1; };\n\n",
          after: "{\n  outputs = { self }: { a = 1; };\n}\n",
        },
        {
          about: "a brace further in",
          ...syntax("end of file", "';'", 6, 1),
          before: "{\n  outputs = { self }: { a = 1; ;\n}\n",
          after: undefined,
        },
      ],
      (body) => body,
    ));
});

test("builds and addresses that evaluation must not need", () =>
  check(
    [
      {
        about: "an import of a text that is built first",
        facts: { kind: "import-from-derivation" },
        before: '        passthru = import (pkgs.writeText "made.nix" "{ a = 1; }");',
        after: "        passthru = ({ a = 1; });",
      },
      {
        about: "a text that is built and read",
        facts: { kind: "import-from-derivation" },
        before: '        version = builtins.readFile (pkgs.writeText "version" "1.0");',
        after: '        version = "1.0";',
      },
      {
        about: "a text with something computed",
        facts: { kind: "import-from-derivation" },
        before: '        passthru = import (pkgs.writeText "made.nix" "{ a = ${x}; }");',
        after: undefined,
      },
      {
        about: "crates asked for at an address that refuses",
        facts: { kind: "registry-refused", url: "https://old.example/api/v1/crates/a/1.0/download", status: 403 },
        before: '        src = ./.;\n        cratesDownloadUrl = "https://old.example/api/v1/crates";',
        after: "        src = ./.;",
      },
      {
        about: "an entry of importCargoLock",
        facts: { kind: "registry-refused", url: "https://old.example/api/v1/crates/a/1.0/download", status: 403 },
        before:
          '        cargoLock = {\n          lockFile = ./Cargo.lock;\n          extraRegistries."https://github.com/rust-lang/crates.io-index" = "https://old.example/api/v1/crates";\n        };',
        after: "        cargoLock = {\n          lockFile = ./Cargo.lock;\n        };",
      },
      {
        about: "an entry that defines crates.io once more, when the crates are in the store",
        facts: { kind: "registry-refused", url: "https://github.com/rust-lang/crates.io-index" },
        before:
          '        cargoLock = {\n          lockFile = ./Cargo.lock;\n          extraRegistries."https://github.com/rust-lang/crates.io-index" = "https://old.example/api/v1/crates";\n        };',
        after: "        cargoLock = {\n          lockFile = ./Cargo.lock;\n        };",
      },
      {
        about: "another registry beside crates.io",
        facts: { kind: "registry-refused", url: "https://github.com/rust-lang/crates.io-index" },
        before:
          '        cargoLock = {\n          lockFile = ./Cargo.lock;\n          extraRegistries."https://git.example/crates.io-mirror" = "https://old.example/api/v1/crates";\n        };',
        after: undefined,
      },
      {
        about: "another address",
        facts: { kind: "registry-refused", url: "https://other.example/a", status: 403 },
        before: '        cratesDownloadUrl = "https://old.example/api/v1/crates";',
        after: undefined,
      },
    ],
    withArguments,
  ));

test("the packages of this system", () =>
  check(
    [
      {
        about: "the variable",
        facts: { kind: "foreign-system", system: "aarch64-linux" },
        place: { system: "x86_64-linux" },
        before: "each (system: nixpkgs.legacyPackages.aarch64-linux.hello)",
        after: "each (system: nixpkgs.legacyPackages.${system}.hello)",
      },
      {
        about: "the name",
        facts: { kind: "foreign-system", system: "aarch64-linux" },
        place: { system: "x86_64-linux" },
        before: '{ packages.x86_64-linux.a = nixpkgs.legacyPackages."aarch64-linux".hello; }',
        after: "{ packages.x86_64-linux.a = nixpkgs.legacyPackages.x86_64-linux.hello; }",
      },
      {
        about: "a flake for that system alone",
        facts: { kind: "foreign-system", system: "aarch64-linux" },
        place: { system: "x86_64-linux" },
        before: "{ packages.aarch64-linux.a = nixpkgs.legacyPackages.aarch64-linux.hello; }",
        after: undefined,
      },
    ],
    (body) => flake(`  outputs = { self, nixpkgs }: ${body};\n`),
  ));
