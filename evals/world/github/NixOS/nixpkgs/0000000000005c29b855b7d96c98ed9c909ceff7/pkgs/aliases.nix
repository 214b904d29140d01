# Names that nixpkgs has given up, with its words.
{ lib, pkgs }:
let
  renamed = old: new: throw "'${old}' has been renamed to/replaced by '${new}'";
  frameworks = throw "darwin.apple_sdk_11_0 has been removed as it was a legacy compatibility stub; see <https://nixos.org/manual/nixpkgs/stable/#sec-darwin-legacy-frameworks> for migration instructions";
in
{
  pkgconfig = renamed "pkgconfig" "pkg-config";
  openssl_1_1 = throw "'openssl_1_1' has been removed as it reached its end of life";
  rustfmt-nightly = renamed "rustfmt-nightly" "rustfmt";
  gitAndTools = throw "'gitAndTools' has been removed, as the packages are now top-level";
  darwin = lib.recurseIntoAttrs {
    apple_sdk = throw "darwin.apple_sdk has been removed as it was a legacy compatibility stub; see <https://nixos.org/manual/nixpkgs/stable/#sec-darwin-legacy-frameworks> for migration instructions";
    apple_sdk_11_0 = frameworks;
    inherit (pkgs) libiconv;
  };
}
