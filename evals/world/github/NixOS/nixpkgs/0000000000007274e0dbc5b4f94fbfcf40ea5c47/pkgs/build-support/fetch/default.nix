# Downloads. All are fixed-output derivations: the network is theirs, and the hash says what must come out.
{ lib, pkgs }:
rec {
  fetchurl = lib.makeOverridable (import ./fetchurl.nix { inherit lib; inherit (pkgs) stdenvNoCC; curl = pkgs.curlTool; });
  fetchzip = lib.makeOverridable (import ./fetchzip.nix { inherit lib; inherit (pkgs) fetchurl; });
  fetchgit = lib.makeOverridable (import ./fetchgit.nix { inherit lib; inherit (pkgs) stdenvNoCC git cacert; });
  fetchFromGitHub = lib.makeOverridable (import ./fetchfromgithub.nix { inherit lib; inherit (pkgs) fetchzip fetchgit; });
  fetchFromGitLab = lib.makeOverridable (import ./fetchfromgitlab.nix { inherit lib; inherit (pkgs) fetchzip fetchgit; });
  # These forges answer like GitHub.
  fetchFromGitea = lib.makeOverridable ({ domain, ... }@args: pkgs.fetchFromGitHub (removeAttrs args [ "domain" ] // { githubBase = domain; }));
  fetchFromForgejo = pkgs.fetchFromGitea;
  fetchFromCodeberg = lib.makeOverridable (args: pkgs.fetchFromGitea ({ domain = "codeberg.org"; } // args));
  fetchCrate = lib.makeOverridable (import ./fetchcrate.nix { inherit lib; inherit (pkgs) fetchurl fetchzip; });
}
