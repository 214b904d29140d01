# What the phases of a cargo build have in common, as setup hooks. Their functions may be called from a flake's own phases.
{ jq, makeSetupHook }:
let
  hook = name: substitutions: makeSetupHook { inherit name substitutions; };
  inherit (builtins) storeDir;
in
{
  cargoHelperFunctionsHook = hook "cargoHelperFunctionsHook" { } ./cargo-helper-functions.sh;
  configureCargoCommonVarsHook = hook "configureCargoCommonVarsHook" { } ./common-vars.sh;
  configureCargoVendoredDepsHook = hook "configureCargoVendoredDepsHook" { } ./vendored-deps.sh;
  inheritCargoArtifactsHook = hook "inheritCargoArtifactsHook" { } ./inherit-artifacts.sh;
  installCargoArtifactsHook = hook "installCargoArtifactsHook" { } ./install-artifacts.sh;
  installFromCargoBuildLogHook = hook "installFromCargoBuildLogHook" { jq = "${jq}/bin/jq"; } ./install-from-log.sh;
  removeReferencesToRustToolchainHook = hook "removeReferencesToRustToolchainHook" { inherit storeDir; } ./remove-toolchain-references.sh;
  removeReferencesToVendoredSourcesHook = hook "removeReferencesToVendoredSourcesHook" { inherit storeDir; } ./remove-vendored-references.sh;
  replaceCargoLockHook = hook "replaceCargoLockHook" { } ./replace-lock.sh;
}
