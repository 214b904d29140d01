# Runs pytest over the sources against the installed package.
pytestCheckPhase() {
  echo "Executing pytestCheckPhase"
  runHook preCheck
  local flags=(-m pytest) paths=() names=() path expression=
  concatTo paths enabledTestPaths
  for path in "${paths[@]}"; do
    if ! compgen -G "${path%%::*}" >/dev/null; then
      echo "Enabled tests path glob \"$path\" does not match any paths. Aborting" >&2
      return 1
    fi
    # Not quoted: it may be a pattern.
    if [[ $path == *::* ]]; then flags+=("$path"); else flags+=($path); fi
  done
  paths=()
  concatTo paths disabledTestPaths
  for path in "${paths[@]}"; do
    if [[ $path == *::* ]]; then
      flags+=("--deselect=$path")
      continue
    fi
    if ! compgen -G "$path" >/dev/null; then
      echo "Disabled tests path glob \"$path\" does not match any paths. Aborting" >&2
      return 1
    fi
    flags+=("--ignore-glob=$path")
  done
  concatTo names disabledTests
  for path in "${names[@]}"; do expression+="${expression:+ and }not ($path)"; done
  names=()
  concatTo names enabledTests
  if [[ ${#names[@]} != 0 ]]; then
    local any=
    for path in "${names[@]}"; do any+="${any:+ or }($path)"; done
    expression="${expression:+$expression and }($any)"
  fi
  if [[ -n $expression ]]; then flags+=(-k "$expression"); fi
  eval "flags+=(${pytestFlagsArray[*]-})"
  concatTo flags pytestFlags
  echoCmd 'pytest flags' "${flags[@]}"
  @pythonInterpreter@ "${flags[@]}"
  runHook postCheck
  echo "Finished executing pytestCheckPhase"
}
if [[ -z ${dontUsePytestCheck-} && -z ${installCheckPhase-} ]]; then
  echo "Using pytestCheckPhase"
  appendToVar preDistPhases pytestCheckPhase
fi
