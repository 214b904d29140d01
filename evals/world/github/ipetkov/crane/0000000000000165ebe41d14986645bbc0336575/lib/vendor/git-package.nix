# The crates of one commit, each as cargo would package it, its inherited values written out.
{ cargo, fetchgit, jq, lib, pkgs, stdenvSelector }:
{ git, rev, ref ? null, hash ? null, allRefs ? ref == null }:
let
  checkout =
    if hash != null then fetchgit { url = git; inherit rev hash; fetchSubmodules = true; }
    else builtins.fetchGit ({ url = git; inherit rev allRefs; submodules = true; } // lib.optionalAttrs (ref != null) { inherit ref; });
  # A store name has 211 characters at most.
  address = builtins.substring 0 (210 - builtins.stringLength "cargo-git-${rev}") git;
in
(stdenvSelector pkgs).mkDerivation {
  name = "cargo-git-${address}-${rev}";
  src = checkout;
  dontConfigure = true;
  dontBuild = true;
  dontFixup = true;
  nativeBuildInputs = [ cargo jq ];
  manifestFilter = ./manifest.jq;
  installPhase = ''
    runHook preInstall
    source ${./git-package.sh}
    vendorCrates
    runHook postInstall
  '';
}
