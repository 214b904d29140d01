# Runs the standard library's unittest over the sources against the installed package.
unittestCheckPhase() {
  echo "Executing unittestCheckPhase"
  runHook preCheck
  local flags=() names=() name
  if [[ -z ${dontUseUnittestDiscover-} ]]; then flags+=(discover); fi
  if [[ -n ${unittestStartDir-} ]]; then flags+=("--start-directory=$unittestStartDir"); fi
  if [[ -n ${unittestFilePattern-} ]]; then flags+=("--pattern=$unittestFilePattern"); fi
  if [[ -n ${unittestTopDir-} ]]; then flags+=("--top-level-directory=$unittestTopDir"); fi
  concatTo names enabledTests
  for name in "${names[@]}"; do flags+=("-k$name"); done
  eval "flags+=(${unittestFlagsArray[*]-})"
  concatTo flags unittestFlags
  echoCmd 'unittest flags' "${flags[@]}"
  @pythonInterpreter@ -m unittest "${flags[@]}"
  runHook postCheck
  echo "Finished executing unittestCheckPhase"
}
if [[ -z ${dontUseUnittestCheck-} && -z ${installCheckPhase-} ]]; then
  echo "Using unittestCheckPhase"
  appendToVar preDistPhases unittestCheckPhase
fi
