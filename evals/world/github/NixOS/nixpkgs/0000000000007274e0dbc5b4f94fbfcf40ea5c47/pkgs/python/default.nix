# Python: the host's interpreter and a set of packages over it, under the names of nixpkgs.
{ lib, pkgs }:
let
  pythonOf = packageOverrides: import ./interpreter.nix { inherit lib pkgs packageOverrides; };
  python = lib.makeOverridable ({ packageOverrides ? (_: _: { }), ... }: pythonOf packageOverrides) { };
in
{
  python3 = python;
  python313 = python;
  python3Packages = lib.recurseIntoAttrs python.pkgs;
  python313Packages = lib.recurseIntoAttrs python.pkgs;
  python3Minimal = python;
}
