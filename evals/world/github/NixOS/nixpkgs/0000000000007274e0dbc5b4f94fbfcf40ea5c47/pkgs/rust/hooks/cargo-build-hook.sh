cargoBuildHook() {
  echo "Executing cargoBuildHook"
  runHook preBuild
  # Stripping is the fixup phase's.
  export "CARGO_PROFILE_${cargoBuildType@U}_STRIP=false"
  if [[ -n ${buildAndTestSubdir-} ]]; then
    # The products stay out of the subfolder.
    CARGO_TARGET_DIR=$PWD/target
    export CARGO_TARGET_DIR
    pushd "$buildAndTestSubdir"
  fi

  local flagsArray=(-j "$NIX_BUILD_CORES" --target @target@ --offline)
  if [[ $cargoBuildType != debug ]]; then flagsArray+=(--profile "$cargoBuildType"); fi
  if [[ -n ${cargoBuildNoDefaultFeatures-} ]]; then flagsArray+=(--no-default-features); fi
  if [[ -n ${cargoBuildFeatures-} ]]; then flagsArray+=("--features=$(concatStringsSep , cargoBuildFeatures)"); fi
  concatTo flagsArray cargoBuildFlags

  echoCmd 'cargoBuildHook flags' "${flagsArray[@]}"
  cargo build "${flagsArray[@]}"

  if [[ -n ${buildAndTestSubdir-} ]]; then popd; fi
  runHook postBuild
  echo "Finished cargoBuildHook"
}
: "${cargoBuildType:=release}"
if [[ -z ${dontCargoBuild-} && -z ${buildPhase-} ]]; then buildPhase=cargoBuildHook; fi
