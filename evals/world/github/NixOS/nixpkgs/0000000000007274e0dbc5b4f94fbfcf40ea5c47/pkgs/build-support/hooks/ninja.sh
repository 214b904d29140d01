# Builds, checks and installs with ninja where the derivation has no such phases of its own.
ninjaBuildPhase() {
  runHook preBuild
  local flagsArray=("-j$NIX_BUILD_CORES")
  concatTo flagsArray ninjaFlags ninjaFlagsArray
  echoCmd 'build flags' "${flagsArray[@]}"
  TERM=dumb ninja "${flagsArray[@]}"
  runHook postBuild
}
ninjaCheckPhase() {
  runHook preCheck
  TERM=dumb ninja "-j$NIX_BUILD_CORES" "${checkTarget:-test}"
  runHook postCheck
}
ninjaInstallPhase() {
  runHook preInstall
  TERM=dumb ninja "-j$NIX_BUILD_CORES" ${installTargets:-install}
  runHook postInstall
}
if [[ -z ${dontUseNinjaBuild-} && -z ${buildPhase-} ]]; then buildPhase=ninjaBuildPhase; fi
if [[ -z ${dontUseNinjaCheck-} && -z ${checkPhase-} ]]; then checkPhase=ninjaCheckPhase; fi
if [[ -z ${dontUseNinjaInstall-} && -z ${installPhase-} ]]; then installPhase=ninjaInstallPhase; fi
if [[ -z ${cmakeFlags-} ]]; then cmakeFlags=-GNinja; elif _isArray cmakeFlags; then cmakeFlags+=(-GNinja); else cmakeFlags+=" -GNinja"; fi
