# Downloads. All are fixed-output derivations: the network is theirs, and the hash says what must come out.
{ lib, pkgs }:
rec {
  fetchurl = lib.makeOverridable (import ./fetchurl.nix { inherit lib; inherit (pkgs) stdenvNoCC; curl = pkgs.curlTool; });
  fetchzip = lib.makeOverridable (import ./fetchzip.nix { inherit lib; inherit (pkgs) fetchurl; });
  fetchgit = lib.makeOverridable (import ./fetchgit.nix { inherit lib; inherit (pkgs) stdenvNoCC git cacert; });
  fetchFromGitHub = lib.makeOverridable (import ./fetchfromgithub.nix { inherit lib; inherit (pkgs) fetchzip fetchgit; });
  fetchCrate = lib.makeOverridable (import ./fetchcrate.nix { inherit lib; inherit (pkgs) fetchurl fetchzip; });

}
