# Configures with cmake where the derivation has no configurePhase of its own.
cmakeConfigurePhase() {
  runHook preConfigure
  : "${cmakeDir:=.}"
  if [[ -z ${dontUseCmakeBuildDir-} ]]; then
    mkdir -p "${cmakeBuildDir:=build}"
    cd "$cmakeBuildDir"
    [[ $cmakeDir == /* ]] || cmakeDir=../$cmakeDir
  fi
  local flagsArray=()
  if [[ -z ${dontAddPrefix-} ]]; then flagsArray+=("-DCMAKE_INSTALL_PREFIX=$prefix"); fi
  flagsArray+=("-DCMAKE_BUILD_TYPE=${cmakeBuildType:-Release}" -DCMAKE_INSTALL_LIBDIR="${!outputLib}/lib" -DCMAKE_INSTALL_INCLUDEDIR="${!outputInclude}/include"
    -DCMAKE_INSTALL_BINDIR="${!outputBin}/bin" -DCMAKE_EXPORT_NO_PACKAGE_REGISTRY=ON -DBUILD_TESTING="$([[ -n ${doCheck-} ]] && echo ON || echo OFF)"
    -DCMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH//:/;}")
  concatTo flagsArray cmakeFlags cmakeFlagsArray
  echoCmd 'cmake flags' "${flagsArray[@]}"
  cmake "$cmakeDir" "${flagsArray[@]}"
  : "${enableParallelBuilding:=1}"
  runHook postConfigure
}
cmakeAddPrefix() { addToSearchPath CMAKE_PREFIX_PATH "$1"; }
addEnvHooks "$targetOffset" cmakeAddPrefix
if [[ -z ${dontUseCmakeConfigure-} && -z ${configurePhase-} ]]; then configurePhase=cmakeConfigurePhase; fi
