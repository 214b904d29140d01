# Go of the host, and what builds modules with it.
{ lib, pkgs }:
let
  versions = [ "1.24" "1.25" "1.26" ];
  word = sep: lib.replaceStrings [ "." ] [ sep ];
  go = series: pkgs.callPackage ./go.nix { inherit series; };
  build = go: pkgs.callPackage ./module.nix { inherit go; stdCache = pkgs.callPackage ./std-cache.nix { inherit go; }; };
in
{
  go = go null;
  go_latest = pkgs.go;
  buildGoModule = build pkgs.go;
  buildGoLatestModule = build pkgs.go_latest;
}
// builtins.listToAttrs (map (series: { name = "go_${word "_" series}"; value = go series; }) versions)
// builtins.listToAttrs (map (series: { name = "buildGo${word "" series}Module"; value = build pkgs."go_${word "_" series}"; }) versions)
