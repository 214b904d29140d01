# Names that nixpkgs has given up, with its words. A name that moved is here only where this set has the new one too.
{ lib, pkgs }:
let
  renamed = lib.mapAttrs (old: new: throw "'${old}' has been renamed to/replaced by '${new}'") {
    bash_5 = "bash";
    bashInteractive_5 = "bashInteractive";
    curlFull = "curl";
    lzma = "xz";
    pkgconfig = "pkg-config";
    protobuf3_21 = "protobuf_21";
    rustfmt-nightly = "rustfmt";
  };
  removed = lib.mapAttrs (name: why: throw "'${name}' has been removed${why}") {
    cargo-asm = " due to lack of upstream maintenance. Consider 'cargo-show-asm' as an alternative.";
    cargo-deps = " as the repository is deleted";
    cargo-tree = ", use the builtin `cargo tree` command instead.";
    gitAndTools = ", as the packages are now top-level";
    openssl_1_0_2 = " as it reached its end of life";
    openssl_1_1 = " as it reached its end of life";
  };
  stub = name: throw "darwin.${name} has been removed as it was a legacy compatibility stub; see <https://nixos.org/manual/nixpkgs/stable/#sec-darwin-legacy-frameworks> for migration instructions";
in
renamed
// removed
// {
  fetchFromGithub = throw "You meant fetchFromGitHub, with a capital H.";
  rls = throw "rls was discontinued upstream, use rust-analyzer instead";
  darwin = lib.recurseIntoAttrs {
    apple_sdk = stub "apple_sdk";
    apple_sdk_11_0 = stub "apple_sdk_11_0";
    apple_sdk_12_3 = stub "apple_sdk_12_3";
    apple_sdk_10_12 = throw "darwin.apple_sdk_10_12 was removed as Nixpkgs no longer supports macOS 10.12; see the 25.05 release notes";
    inherit (pkgs) libiconv;
  };
}
