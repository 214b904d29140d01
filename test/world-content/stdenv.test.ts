import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

const flake = (outputs: string, files: Tree = {}): Tree => ({
  "flake.nix": `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs";
    outputs = { self, nixpkgs }: let
      system = "${host.system}";
      inherit (nixpkgs) lib;
      pkgs = nixpkgs.legacyPackages.\${system};
      inherit (pkgs) stdenv;
    in { ${outputs} };
  }`,
  ...files,
});

const C_PROGRAM = '#include <stdio.h>\n#include <zlib.h>\nint main(void) { printf("zlib %c\\n", zlibVersion()[0]); return 0; }\n';

describe.skipIf(cannotRun !== undefined)("the standard environment of the shipped world", () => {
  const { project, built, failure, nix, run, confined, value } = shipped();

  test("configures, makes, checks and installs; a library comes from an input alone and is found at run time", async () => {
    const cwd = await project(
      flake(
        `packages.\${system} = builtins.mapAttrs (name: more: stdenv.mkDerivation ({ pname = "tool"; version = "1"; src = ./src; } // more)) {
          default = { buildInputs = [ pkgs.zlib ]; doCheck = true; makeFlags = [ "WORD=given" ]; };
          forgotten = { };
          patched = { buildInputs = [ pkgs.zlib ]; patches = [ ./change.patch ]; postPatch = "substituteInPlace tool.c --replace-fail 'zlib %c' 'ZLIB %c'"; };
          refused = { buildInputs = [ pkgs.zlib ]; postPatch = "substituteInPlace tool.c --replace-fail nowhere somewhere"; };
        };`,
        {
          "src/tool.c": C_PROGRAM,
          "src/Makefile":
            "tool: tool.c\n\t$(CC) -o tool tool.c -lz\ncheck: tool\n\t./tool | grep -q zlib\n\t@echo checked $(WORD)\ninstall: tool\n\tinstall -D tool $(PREFIX)/bin/tool\nPREFIX = $(out)\n",
          "change.patch":
            '--- a/tool.c\n+++ b/tool.c\n@@ -1,3 +1,3 @@\n #include <stdio.h>\n #include <zlib.h>\n-int main(void) { printf("zlib %c\\n", zlibVersion()[0]); return 0; }\n+int main(void) { printf("new zlib %c\\n", zlibVersion()[0]); return 0; }\n',
        },
      ),
    );
    const done = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L");
    expect(done.stderr).toContain("tool> checked given");
    expect(await confined(`${done.stdout.trim()}/bin/tool`)).toMatchObject({ exit: 0, stdout: "zlib 1\n" });
    expect(await failure(cwd, "forgotten")).toContain("fatal error: zlib.h: No such file or directory");
    expect(await confined(`${await built(cwd, "patched")}/bin/tool`)).toMatchObject({ stdout: "new ZLIB 1\n" });
    expect(await failure(cwd, "refused")).toContain("ERROR: pattern nowhere doesn't match anything in file 'tool.c'");
  });

  test("a program without a library path does not find the library of an input, nor one of the machine", async () => {
    const cwd = await project(
      flake(
        `packages.\${system}.default = stdenv.mkDerivation { name = "bare"; src = ./src; buildInputs = [ pkgs.zlib ]; NIX_DONT_SET_RPATH = 1; buildPhase = "cc tool.c -lz -o tool -Wl,-rpath,\${pkgs.glibc}/lib"; installPhase = "install -D tool $out/bin/tool"; };`,
        { "src/tool.c": C_PROGRAM },
      ),
    );
    const out = await built(cwd, "default");
    const missing = {
      exit: 127,
      stderr: expect.stringContaining("error while loading shared libraries: libz.so.1: cannot open shared object file"),
    };
    expect(await confined(`${out}/bin/tool`)).toMatchObject(missing);
    expect(await run(cwd, `${out}/bin/tool`)).toMatchObject(missing);
  });

  test("outputs, wrappers, scripts, environments, cmake", async () => {
    const cwd = await project(
      flake(
        `packages.\${system} = {
          multi = stdenv.mkDerivation { name = "multi"; outputs = [ "out" "dev" ]; dontUnpack = true;
            installPhase = "mkdir -p $out/bin $out/include; printf '#!/bin/sh\\necho ran\\n' > $out/bin/multi; chmod +x $out/bin/multi; touch $out/include/multi.h"; };
          user = pkgs.runCommandCC "user" { buildInputs = [ self.packages.\${system}.multi ]; } "echo '#include <multi.h>' | cc -c -x c - -o x.o; multi > $out";
          wrapped = pkgs.runCommand "wrapped" { nativeBuildInputs = [ pkgs.makeWrapper ]; } "mkdir -p $out/bin; makeWrapper \${pkgs.hello}/bin/hello $out/bin/greet --set LANGUAGE de --prefix PATH : /x --add-flags --version";
          app = pkgs.writeShellApplication { name = "app"; runtimeInputs = [ pkgs.jq pkgs.coreutils ]; text = "echo '{\\"a\\": [1, 2]}' | jq -c .a | tr -d '\\\\n'"; };
          broken = pkgs.writeShellApplication { name = "broken"; text = "if true; then"; };
          joined = pkgs.symlinkJoin { name = "joined"; paths = [ pkgs.hello self.packages.\${system}.app ]; };
          env = pkgs.buildEnv { name = "env"; paths = [ pkgs.hello pkgs.jq ]; pathsToLink = [ "/bin" ]; };
          farm = pkgs.linkFarm "farm" { "a/greeting" = pkgs.hello; text = pkgs.writeText "t" "text"; };
          cmake = stdenv.mkDerivation { name = "cm"; src = ./cm; nativeBuildInputs = [ pkgs.cmake pkgs.ninja ]; };
          structured = stdenv.mkDerivation { name = "structured"; __structuredAttrs = true; dontUnpack = true; env.WORD = "w"; list = [ "a b" "c" ]; installPhase = ''echo $WORD ''\${#list[@]} > $out''; };
        };`,
        {
          "cm/CMakeLists.txt":
            "cmake_minimum_required(VERSION 3.10)\nproject(cm C)\nadd_executable(cm main.c)\ninstall(TARGETS cm)\n",
          "cm/main.c": "int main(void) { return 0; }\n",
        },
      ),
    );
    const text = async (attribute: string): Promise<string> =>
      (await run(cwd, "/host/root/usr/bin/cat", await built(cwd, attribute))).stdout;
    const files = async (attribute: string): Promise<readonly string[]> =>
      (await run(cwd, "/host/root/usr/bin/find", "-L", await built(cwd, attribute), "-type", "f", "-printf", "%P\\n")).stdout
        .trim()
        .split("\n")
        .sort();
    expect(await text("user")).toBe("ran\n");
    expect(await files("multi")).toEqual(["bin/multi"]);
    expect(await confined(`${await built(cwd, "wrapped")}/bin/greet`)).toMatchObject({
      exit: 0,
      stdout: "hello (stand-in) 2.12\n",
    });
    expect(await confined(`${await built(cwd, "app")}/bin/app`)).toMatchObject({ exit: 0, stdout: "[1,2]" });
    expect(await failure(cwd, "broken")).toContain("syntax error: unexpected end of file");
    expect(await files("joined")).toEqual(["bin/app", "bin/hello"]);
    expect(await files("env")).toEqual(["bin/hello", "bin/jq"]);
    expect(await files("farm")).toEqual(["a/greeting/bin/hello", "text"]);
    expect(await confined(`${await built(cwd, "cmake")}/bin/cm`)).toMatchObject({ exit: 0 });
    expect(await text("structured")).toBe("w 2\n");
  });

  test("downloads: a tree of a repository, a crate, and what is not there", async () => {
    const cwd = await project(
      flake(`packages.\${system} = {
        tree = pkgs.fetchFromGitHub { owner = "nix-systems"; repo = "default"; rev = "main"; hash = ""; };
        crate = pkgs.fetchCrate { pname = "hex"; version = "0.4.3"; hash = ""; };
        gone = pkgs.fetchurl { url = "https://files.example/gone.tar.gz"; hash = lib.fakeHash; };
        two = pkgs.fetchurl { url = "https://files.example/x"; hash = lib.fakeHash; sha256 = lib.fakeSha256; };
      };`),
    );
    expect(await failure(cwd, "tree")).toContain("got:    sha256-");
    expect(await failure(cwd, "crate")).toContain("got:    sha256-");
    const gone = await failure(cwd, "gone");
    expect(gone).toContain("trying https://files.example/gone.tar.gz");
    expect(gone).toContain("curl: (22) The requested URL returned error: 404");
    expect(gone).toContain("error: cannot download gone.tar.gz from any mirror");
    expect(await failure(cwd, "two")).toContain("multiple hashes passed to fetchurl: hash, sha256");
  });

  test("overlays, overrides and configuration", async () => {
    const result = await value(`let
      import' = more: import nixpkgs ({ inherit system; } // more);
      changed = import' { overlays = [ (final: prev: { mine = final.callPackage ({ jq, word ? "x" }: { inherit word; tool = jq.name; }) { }; jq = prev.jq // { name = "other"; }; }) ]; };
      greet = pkgs.hello.overrideAttrs (final: prev: { version = "3"; passthru.shown = final.version; });
      unfree = more: (import' more).stdenv.mkDerivation { pname = "u"; version = "1"; meta.license = lib.licenses.unfree; };
    in {
      overlay = { inherit (changed.mine) word tool; };
      override = (changed.mine.override { word = "y"; }).word;
      extended = (pkgs.extend (final: prev: { added = prev.hello.pname; })).added;
      packageOverrides = (import' { config.packageOverrides = p: { h = p.hello.pname; }; }).h;
      attrs = [ greet.name greet.shown (greet.override { }).name ];
      same = pkgs.pkgs.hello == pkgs.buildPackages.hello;
      scope = (lib.makeScope pkgs.newScope (self: { a = 1; b = self.callPackage ({ a, hello }: [ a hello.pname ]) { }; })).b;
      unfree = [ (builtins.tryEval (unfree { }).drvPath).success (builtins.tryEval (unfree { config.allowUnfree = true; }).drvPath).success ];
      elsewhere = map (s: (import nixpkgs { system = s; }).hello.system) [ "aarch64-darwin" "aarch64-linux" ];
      platform = let s = (import nixpkgs { system = "aarch64-darwin"; }).stdenv; in [ s.isDarwin s.hostPlatform.isAarch64 s.hostPlatform.system ];
    }`);
    expect(result).toEqual({
      overlay: { word: "x", tool: "other" },
      override: "y",
      extended: "hello",
      packageOverrides: "hello",
      attrs: ["hello-3", "3", "hello-3"],
      same: true,
      scope: [1, "hello"],
      unfree: [false, true],
      elsewhere: ["aarch64-darwin", "aarch64-linux"],
      platform: [true, true, "aarch64-darwin"],
    });
  });

  test.each([
    ["pkgs.no-such-package", /attribute 'no-such-package' missing/],
    ["pkgs.pkgconfig", /'pkgconfig' has been renamed to\/replaced by 'pkg-config'/],
    ["pkgs.darwin.apple_sdk_11_0", /darwin\.apple_sdk_11_0 has been removed/],
    [
      "pkgs.callPackage ({ opensll }: opensll) { }",
      /Function called without required argument "opensll" at .*value\.nix:\d+, did you mean "openssl"\?/,
    ],
    [
      '(stdenv.mkDerivation { name = "x"; buildInputs = [ 1 ]; }).drvPath',
      /Dependency is not of a valid type: element 1 of buildInputs for x/,
    ],
    [
      '(stdenv.mkDerivation { name = "x"; env.A = [ ]; }).drvPath',
      /The `env` attribute set can only contain derivation, string, boolean or integer attributes\. The `A` attribute is of type list\./,
    ],
    ['(stdenv.mkDerivation { name = "x"; A = 1; env.A = "2"; }).drvPath', /The following attributes are overlapping: A/],
    [
      '(stdenv.mkDerivation { pname = "x"; version = "1"; meta.broken = true; }).drvPath',
      /Package ‘x-1’ in .* is marked as broken, refusing to evaluate\./,
    ],
    [
      '(stdenv.mkDerivation { pname = "x"; version = "1"; meta.platforms = [ "riscv64-linux" ]; }).drvPath',
      /Package ‘x-1’ in .* is not available on the requested hostPlatform/,
    ],
    ['(stdenv.mkDerivation { name = "x"; hardeningDisable = [ "fromat" ]; }).drvPath', /unsupported hardening flags: fromat/],
  ])("refuses %s", async (expression, message) => {
    await expect(value(`let inherit (pkgs) stdenv; in ${expression}`)).rejects.toThrow(message);
  });
});
