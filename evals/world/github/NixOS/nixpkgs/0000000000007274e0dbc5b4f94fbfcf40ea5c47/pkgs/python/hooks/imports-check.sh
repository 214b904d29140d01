# Modules that the installed package must let itself be imported under, away from the sources.
pythonImportsCheckPhase() {
  echo "Executing pythonImportsCheckPhase"
  local modules=()
  concatTo modules pythonImportsCheck
  if [[ ${#modules[@]} != 0 ]]; then
    echo "Check whether the following modules can be imported: ${modules[*]}"
    (cd "$out" && @pythonInterpreter@ -c 'import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]' "${modules[@]}")
  fi
}
if [[ -z ${dontUsePythonImportsCheck-} ]]; then
  echo "Using pythonImportsCheckPhase"
  appendToVar preDistPhases pythonImportsCheckPhase
fi
