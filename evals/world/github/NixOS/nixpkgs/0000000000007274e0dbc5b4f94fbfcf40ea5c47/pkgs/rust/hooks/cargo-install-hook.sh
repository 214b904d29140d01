# Programs and libraries are set aside as soon as they are built: tests may build them again with other features.
cargoInstallPostBuildHook() {
  echo "Executing cargoInstallPostBuildHook"
  releaseDir=target/@target@/$cargoBuildType
  tmpDir=$releaseDir-tmp
  mkdir -p "$tmpDir"
  cp -r "$releaseDir"/* "$tmpDir/"
  mapfile -t bins < <(find "$tmpDir" -maxdepth 1 -type f -executable ! -regex '.*\.\(so.[0-9.]+\|so\|a\|dylib\)')
  echo "Finished cargoInstallPostBuildHook"
}

cargoInstallHook() {
  echo "Executing cargoInstallHook"
  runHook preInstall
  # The same place on every architecture, for what an installation phase copies itself.
  rm -rf "target/$cargoBuildType"
  ln -srf "$tmpDir" "target/$cargoBuildType"

  mkdir -p "${!outputBin}/bin" "${!outputLib}/lib"
  if [[ ${#bins[@]} != 0 ]]; then cp -t "${!outputBin}/bin" "${bins[@]}"; fi
  find "$tmpDir" -maxdepth 1 -regex '.*\.\(so.[0-9.]+\|so\|a\|dylib\)' -print0 | xargs -r -0 cp -t "${!outputLib}/lib"
  rmdir --ignore-fail-on-non-empty "${!outputLib}/lib" "${!outputBin}/bin"
  runHook postInstall
  echo "Finished cargoInstallHook"
}

if [[ -z ${dontCargoInstall-} && -z ${installPhase-} ]]; then
  installPhase=cargoInstallHook
  postBuildHooks+=(cargoInstallPostBuildHook)
fi
