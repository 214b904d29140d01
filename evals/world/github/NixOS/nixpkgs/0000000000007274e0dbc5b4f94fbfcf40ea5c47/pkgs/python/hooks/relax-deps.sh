# pythonRelaxDeps and pythonRemoveDeps: true, or names whose versions or whose whole requirement the wheel forgets.
pythonRelaxDepsHook() {
  local wheel relaxed=() removed=()
  concatTo relaxed pythonRelaxDeps
  concatTo removed pythonRemoveDeps
  for wheel in dist/*.whl; do @pythonInterpreter@ @hook@ "$wheel" "${relaxed[*]}" "${removed[*]}"; done
}
appendToVar preInstallPhases pythonRelaxDepsHook
