import { describe, expect, test } from "vitest";
import { cannotRun, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("names of the shipped package set that flakes and repairs rely on", () => {
  const { value } = shipped();
  const refusal = (expression: string): Promise<string> =>
    value(expression).then(
      (evaluated) => `evaluated to ${JSON.stringify(evaluated)}`,
      (error: unknown) => /error: ([^\n]*)(?![\s\S]*error: )/.exec(String(error))?.[1] ?? String(error),
    );

  test("a name that was given up says what became of it", async () => {
    const words = {
      "pkgs.lzma": "'lzma' has been renamed to/replaced by 'xz'",
      "pkgs.protobuf3_21": "'protobuf3_21' has been renamed to/replaced by 'protobuf_21'",
      "pkgs.cargo-tree": "'cargo-tree' has been removed, use the builtin `cargo tree` command instead.",
      "pkgs.rls": "rls was discontinued upstream, use rust-analyzer instead",
      "pkgs.fetchFromGithub { }": "You meant fetchFromGitHub, with a capital H.",
      "pkgs.rustPlatform.fetchCargoTarball { }":
        "`rustPlatform.fetchCargoTarball` has been removed in favor of `rustPlatform.fetchCargoVendor`",
      "pkgs.darwin.apple_sdk.frameworks.Security":
        "darwin.apple_sdk has been removed as it was a legacy compatibility stub; see <https://nixos.org/manual/nixpkgs/stable/#sec-darwin-legacy-frameworks> for migration instructions",
      "(import nixpkgs { inherit system; config.allowAliases = false; }).pkgconfig": "attribute 'pkgconfig' missing",
    };
    expect(await Promise.all(Object.keys(words).map(refusal))).toEqual(Object.values(words));
    // What replaced it is there.
    expect(await value("map (p: builtins.seq p.drvPath p.pname) [ pkgs.xz pkgs.protobuf_21 pkgs.gitMinimal ]")).toEqual([
      "xz",
      "protobuf",
      "git",
    ]);
  });

  test("licences by attribute and by SPDX identifier", async () => {
    expect(
      await value(`let id = name: lib.licenses.\${name}.spdxId; in {
        names = map id [ "mit" "asl20" "bsd0" "boost" "gpl3Only" "ofl" "cddl" "blueOak100" ];
        found = map (spdx: (lib.getLicenseFromSpdxId spdx).shortName) [ "MIT" "apache-2.0" "GPL-3.0-or-later" "Unicode-3.0" ];
        spdx = lib.licensesSpdx."MPL-2.0" == lib.licenses.mpl20;
        deprecated = lib.licenses.gpl3.deprecated && !(lib.licensesSpdx ? "GPL-3.0");
        unknown = lib.getLicenseFromSpdxIdOr "Nonsense-1.0" "none";
        free = map (name: lib.licenses.\${name}.free) [ "sspl" "bsl11" "zlib" ];
        every = lib.all (l: lib.isString l.fullName && lib.isBool l.free) (lib.attrValues lib.licenses);
      }`),
    ).toEqual({
      names: ["MIT", "Apache-2.0", "0BSD", "BSL-1.0", "GPL-3.0-only", "OFL-1.1", "CDDL-1.0", "BlueOak-1.0.0"],
      found: ["mit", "asl20", "gpl3Plus", "unicode-30"],
      spdx: true,
      deprecated: true,
      unknown: "none",
      free: [false, false, true],
      every: true,
    });
  });

  test("sources on other forges, and Darwin's frameworks for flakes of several systems", async () => {
    expect(
      await value(`let hash = lib.fakeHash; mac = import nixpkgs { system = "aarch64-darwin"; }; in {
        gitlab = (pkgs.fetchFromGitLab { owner = "o"; repo = "r.x"; rev = "v1"; inherit hash; }).urls;
        group = (pkgs.fetchFromGitLab { domain = "git.example"; group = "g"; owner = "o"; repo = "r"; tag = "1"; inherit hash; }).urls;
        codeberg = (pkgs.fetchFromCodeberg { owner = "o"; repo = "r"; tag = "1"; inherit hash; }).urls;
        gitea = (pkgs.fetchFromGitea { domain = "git.example"; owner = "o"; repo = "r"; rev = "abc"; inherit hash; }).urls;
        mac = builtins.isString (mac.mkShell { buildInputs = [ mac.apple-sdk_15 mac.libiconv ]; }).drvPath;
        linux = (builtins.tryEval pkgs.apple-sdk.drvPath).success;
        runtime = lib.makeLibraryPath [ pkgs.stdenv.cc.cc.lib ] == "\${pkgs.stdenv.cc.cc.lib}/lib";
      }`),
    ).toEqual({
      gitlab: ["https://gitlab.com/api/v4/projects/o%2Fr%2Ex/repository/archive.tar.gz?sha=v1"],
      group: ["https://git.example/api/v4/projects/g%2Fo%2Fr/repository/archive.tar.gz?sha=refs%2Ftags%2F1"],
      codeberg: ["https://codeberg.org/o/r/archive/refs/tags/1.tar.gz"],
      gitea: ["https://git.example/o/r/archive/abc.tar.gz"],
      mac: true,
      linux: false,
      runtime: true,
    });
  });
});
