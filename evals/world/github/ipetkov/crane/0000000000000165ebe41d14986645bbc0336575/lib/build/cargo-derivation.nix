# A derivation that runs cargo over a source: with vendored dependencies, on top of what an earlier one has built, and with a target folder as its
# product unless it is told otherwise. Arguments that are not named here go to mkDerivation.
{ cargo, cargoHelperFunctionsHook, configureCargoCommonVarsHook, configureCargoVendoredDepsHook, crateNameFromCargoToml, inheritCargoArtifactsHook
, installCargoArtifactsHook, lib, pkgs, replaceCargoLockHook, rustc, stdenvSelector, vendorCargoDeps, writeText, writeTOML, zstd
}:
{ cargoArtifacts
, buildPhaseCargoCommand
, checkPhaseCargoCommand ? ""
, installPhaseCommand ? "mkdir -p $out"
, ...
}@args:
let
  select =
    if args ? stdenv then
      lib.warn ''
        passing in an `stdenv` override into `mkCargoDerivation` is now deprecated.
        change it for the whole library: craneLib.overrideScope (final: prev: { stdenvSelector = p: p.stdenv; })
      ''
        (if lib.isFunction args.stdenv then args.stdenv else _: args.stdenv)
    else stdenvSelector;

  name = crateNameFromCargoToml args;
  lockFile =
    if args ? cargoLock then args.cargoLock
    else if args ? cargoLockContents then writeText "Cargo.lock" args.cargoLockContents
    else if args ? cargoLockParsed then writeTOML "Cargo.lock" args.cargoLockParsed
    else null;

  passed = removeAttrs args [
    "buildPhaseCargoCommand" "cargoLock" "cargoLockContents" "cargoLockParsed" "checkPhaseCargoCommand" "installPhaseCommand" "outputHashes" "pnameSuffix"
    "stdenv"
  ];
  phase = hook: command: ''
    runHook pre${hook}
    ${command}
    runHook post${hook}
  '';
in
(select pkgs).mkDerivation (passed // lib.optionalAttrs (lockFile != null) { cargoLock = lockFile; } // {
  inherit cargoArtifacts;
  pname = "${args.pname or name.pname}${args.pnameSuffix or ""}";
  version = args.version or name.version;
  doInstallCargoArtifacts = args.doInstallCargoArtifacts or true;
  cargoVendorDir = args.cargoVendorDir or (vendorCargoDeps args);

  nativeBuildInputs = args.nativeBuildInputs or [ ] ++ [
    cargo
    cargoHelperFunctionsHook
    configureCargoCommonVarsHook
    configureCargoVendoredDepsHook
    inheritCargoArtifactsHook
    installCargoArtifactsHook
    replaceCargoLockHook
    rustc
    zstd
  ];

  configurePhase = args.configurePhase or (phase "Configure" "echo default configurePhase, nothing to do");
  buildPhase = args.buildPhase or (phase "Build" "cargo --version\n${buildPhaseCargoCommand}");
  checkPhase = args.checkPhase or (phase "Check" checkPhaseCargoCommand);
  installPhase = args.installPhase or (phase "Install" installPhaseCommand);
})
