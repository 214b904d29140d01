# All archives of a source's package-lock.json behind one hash, as a cache that npm reads.
{ lib, stdenvNoCC, prefetch-npm-deps, cacert }:
{ name ? "npm-deps"
, hash ? ""
, forceGitDeps ? false
, forceEmptyCache ? false
, nativeBuildInputs ? [ ]
, fetcherVersion ? 1
, ...
}@args:
if fetcherVersion != 1 then throw "fetchNpmDeps: this stand-in knows the first fetcher version only"
else stdenvNoCC.mkDerivation (removeAttrs args [ "hash" "forceGitDeps" "forceEmptyCache" "fetcherVersion" ] // {
  inherit name;
  nativeBuildInputs = nativeBuildInputs ++ [ prefetch-npm-deps cacert ];
  buildPhase = ''
    runHook preBuild

    if [[ -n ''${npmRoot-} ]]; then cd "$npmRoot"; fi
    if [[ ! -e package-lock.json ]]; then
      echo
      echo "ERROR: The package-lock.json file does not exist!"
      echo
      echo "package-lock.json is required to make sure that npmDepsHash doesn't change"
      echo "when packages are updated on npm."
      echo
      echo "Hint: You can copy a vendored package-lock.json file via postPatch."
      echo

      exit 1
    fi

    prefetch-npm-deps package-lock.json $out

    runHook postBuild
  '';
  dontConfigure = true;
  dontInstall = true;
  dontFixup = true;
  strictDeps = true;
  impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "NIX_NPM_TOKENS" ];
  outputHashMode = "recursive";
  outputHash = hash;
}
// lib.optionalAttrs (hash == "") { outputHashAlgo = "sha256"; }
// lib.optionalAttrs forceGitDeps { FORCE_GIT_DEPS = true; }
// lib.optionalAttrs forceEmptyCache { FORCE_EMPTY_CACHE = true; })
