# The project on top of its dependencies: built, tested, and its programs and C libraries installed.
{ buildDepsOnly, crateNameFromCargoToml, installFromCargoBuildLogHook, lib, mkCargoDerivation, removeReferencesToRustToolchainHook
, removeReferencesToVendoredSourcesHook, vendorCargoDeps
}:
{ cargoBuildCommand ? "cargoWithProfile build"
, cargoExtraArgs ? "--locked"
, cargoBuildExtraArgs ? ""
, cargoTestCommand ? "cargoWithProfile test"
, cargoTestExtraArgs ? ""
, ...
}@args:
let
  name = crateNameFromCargoToml args;
  known = {
    pname = args.pname or name.pname;
    version = args.version or name.version;
    cargoVendorDir = args.cargoVendorDir or (vendorCargoDeps args);
  };
  noBuildLog = ''
    $postBuildInstallFromCargoBuildLogOut is either undefined or does not point to a
    valid location! `buildPackage` installs what the build phase has put there, and the
    build phase was replaced. Either set `installPhaseCommand` to what installs your
    program, or let the build phase write cargo's messages to a file and name it:
      cargoBuildLog=$(mktemp cargoBuildLogXXXX.json)
      cargo build --release --message-format json-render-diagnostics >"$cargoBuildLog"
  '';
in
mkCargoDerivation (removeAttrs args [ "cargoBuildCommand" "cargoExtraArgs" "cargoBuildExtraArgs" "cargoTestCommand" "cargoTestExtraArgs" "outputHashes" ] // known // {
  doCheck = args.doCheck or true;
  doInstallCargoArtifacts = args.doInstallCargoArtifacts or false;

  # The caller's hooks of the install phase may want files that the dummy source lacks.
  cargoArtifacts = args.cargoArtifacts or (buildDepsOnly (args // known // { installPhase = "prepareAndInstallCargoArtifactsDir"; }));

  buildPhaseCargoCommand = args.buildPhaseCargoCommand or ''
    cargoBuildLog=$(mktemp cargoBuildLogXXXX.json)
    ${cargoBuildCommand} --message-format json-render-diagnostics ${cargoExtraArgs} ${cargoBuildExtraArgs} >"$cargoBuildLog"
  '';
  checkPhaseCargoCommand = args.checkPhaseCargoCommand or "${cargoTestCommand} ${cargoExtraArgs} ${cargoTestExtraArgs}";
  installPhaseCommand = args.installPhaseCommand or ''
    if [ -z "''${postBuildInstallFromCargoBuildLogOut-}" ] || [ ! -d "$postBuildInstallFromCargoBuildLogOut" ]; then
      echo ${lib.escapeShellArg noBuildLog}
      false
    fi
    echo "actually installing contents of $postBuildInstallFromCargoBuildLogOut to $out"
    mkdir -p $out
    find "$postBuildInstallFromCargoBuildLogOut" -mindepth 1 -maxdepth 1 -exec mv -t $out {} +
  '';

  nativeBuildInputs = args.nativeBuildInputs or [ ] ++ [ installFromCargoBuildLogHook removeReferencesToRustToolchainHook removeReferencesToVendoredSourcesHook ];
})
