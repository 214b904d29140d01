# Installs the wheels of dist/ into the output.
pypaInstallPhase() {
  echo "Executing pypaInstallPhase"
  runHook preInstall
  local wheel
  for wheel in dist/*.whl; do
    @pythonInterpreter@ -m installer --prefix "$out" "$wheel"
    echo "Successfully installed ${wheel##*/}"
  done
  export PYTHONPATH=$out/@pythonSitePackages@:${PYTHONPATH-}
  runHook postInstall
  echo "Finished executing pypaInstallPhase"
}
if [[ -z ${dontUsePypaInstall-} && -z ${installPhase-} ]]; then
  echo "Using pypaInstallPhase"
  installPhase=pypaInstallPhase
fi
