# A checkout without its history.
{ lib, stdenvNoCC, git, cacert }:
{ url, rev ? null, tag ? null, name ? null, hash ? "", sha256 ? "", outputHash ? "", outputHashAlgo ? null
, fetchSubmodules ? true, leaveDotGit ? deepClone, deepClone ? false, branchName ? null, sparseCheckout ? [ ], fetchLFS ? false
, postFetch ? "", preFetch ? "", nativeBuildInputs ? [ ], passthru ? { }, meta ? { }, preferLocalBuild ? true }@args:
let
  which = if tag != null && rev != null then throw "fetchgit requires one of either `rev` or `tag` to be provided (not both)."
    else if tag != null then "refs/tags/${tag}" else if rev != null then rev else "HEAD";
in
if fetchLFS then throw "fetchgit: Git LFS is not part of this package set"
else if sparseCheckout != [ ] then throw "fetchgit: sparse checkouts are not supported by this package set"
else if leaveDotGit then throw "fetchgit: leaveDotGit and deepClone are not supported by this package set (their content is not reproducible)"
else stdenvNoCC.mkDerivation {
  name = if name != null then name else lib.removeSuffix ".git" (baseNameOf (lib.removeSuffix "/" url)) + lib.optionalString (rev != null && builtins.match "[0-9a-f]{40}" rev != null) "-${builtins.substring 0 7 rev}";
  builder = ./fetchgit.sh;
  inherit url fetchSubmodules preFetch postFetch preferLocalBuild meta;
  rev = which;
  nativeBuildInputs = [ git cacert ] ++ nativeBuildInputs;
  inherit (import ./hash.nix { inherit lib; } "fetchgit" args) outputHash outputHashAlgo;
  outputHashMode = "recursive";
  impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "GIT_PROXY_COMMAND" "NIX_GIT_SSL_CAINFO" "SOCKS_SERVER" ];
  passthru = { inherit url; rev = which; gitRepoUrl = url; } // passthru;
}
