cargoCheckHook() {
  echo "Executing cargoCheckHook"
  runHook preCheck
  if [[ -n ${buildAndTestSubdir-} ]]; then pushd "$buildAndTestSubdir"; fi

  local flagsArray=(-j "$NIX_BUILD_CORES")
  if [[ $cargoCheckType != debug ]]; then flagsArray+=(--profile "$cargoCheckType"); fi
  if [[ -n ${cargoCheckNoDefaultFeatures-} ]]; then flagsArray+=(--no-default-features); fi
  if [[ -n ${cargoCheckFeatures-} ]]; then flagsArray+=("--features=$(concatStringsSep , cargoCheckFeatures)"); fi
  flagsArray+=(--target @target@ --offline)
  concatTo flagsArray cargoTestFlags
  flagsArray+=(--)
  if [[ -z ${dontUseCargoParallelTests-} ]]; then flagsArray+=("--test-threads=$NIX_BUILD_CORES"); else flagsArray+=(--test-threads=1); fi
  concatTo flagsArray checkFlags checkFlagsArray

  echoCmd 'cargoCheckHook flags' "${flagsArray[@]}"
  cargo test "${flagsArray[@]}"

  if [[ -n ${buildAndTestSubdir-} ]]; then popd; fi
  echo "Finished cargoCheckHook"
  runHook postCheck
}
: "${cargoCheckType:=release}"
if [[ -z ${dontCargoCheck-} && -z ${checkPhase-} ]]; then checkPhase=cargoCheckHook; fi
