# What the wheel says it needs must be among the inputs, in versions that it takes.
pythonRuntimeDepsCheckHook() {
  echo "Executing pythonRuntimeDepsCheck"
  local wheel
  for wheel in dist/*.whl; do
    echo "Checking runtime dependencies for ${wheel##*/}"
    @pythonInterpreter@ @hook@ "$wheel"
  done
  echo "Finished executing pythonRuntimeDepsCheck"
}
if [[ -z ${dontCheckRuntimeDeps-} ]]; then
  echo "Using pythonRuntimeDepsCheckHook"
  appendToVar preInstallPhases pythonRuntimeDepsCheckHook
fi
