# Builders and fetchers.
{ lib, pkgs }:
import ./trivial-builders.nix { inherit lib pkgs; }
// import ./hooks { inherit lib pkgs; }
// import ./fetch { inherit lib pkgs; }
// {
  mkShell = pkgs.callPackage ./mk-shell.nix { };
  mkShellNoCC = pkgs.mkShell.override { stdenv = pkgs.stdenvNoCC; };
}
