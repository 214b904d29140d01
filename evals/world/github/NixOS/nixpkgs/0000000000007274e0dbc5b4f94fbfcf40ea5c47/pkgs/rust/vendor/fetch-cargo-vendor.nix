# All dependencies of a source's Cargo.lock behind one hash: first what was downloaded (a fixed-output derivation of the lock file, the archives
# and the git trees), then the vendor folder that cargo reads.
{ lib, stdenvNoCC, runCommand, curl, git, jq, cargo, cacert }:
{ name ? if args ? pname && args ? version then "${args.pname}-${args.version}" else "cargo-deps"
, hash ? throw "fetchCargoVendor requires a `hash` value to be set for ${name}"
, nativeBuildInputs ? [ ]
, ...
}@args:
let
  staging = stdenvNoCC.mkDerivation ({
    name = "${name}-vendor-staging";
    impureEnvVars = lib.fetchers.proxyImpureEnvVars;
    nativeBuildInputs = [ curl git cacert ] ++ nativeBuildInputs;
    buildPhase = ''
      runHook preBuild
      if [ -n "''${cargoRoot-}" ]; then cd "$cargoRoot"; fi
      source ${./lock.sh}
      source ${./staging.sh}
      createVendorStaging ./Cargo.lock "$out"
      runHook postBuild
    '';
    strictDeps = true;
    dontConfigure = true;
    dontInstall = true;
    dontFixup = true;
    outputHash = hash;
    outputHashAlgo = if hash == "" then "sha256" else null;
    outputHashMode = "recursive";
  } // removeAttrs args [ "name" "pname" "version" "nativeBuildInputs" "hash" ]);
in
runCommand "${name}-vendor"
{
  vendorStaging = staging;
  nativeBuildInputs = [ cargo jq ];
  manifestFilter = ./manifest.jq;
} ''
  source ${./lock.sh}
  source ${./git-crate.sh}
  source ${./vendor.sh}
  createVendor "$vendorStaging" "$out"
''
