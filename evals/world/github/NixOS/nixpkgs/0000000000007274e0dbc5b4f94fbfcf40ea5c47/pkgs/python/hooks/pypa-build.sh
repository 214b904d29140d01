# Builds a wheel with the backend that pyproject.toml names; nothing is installed for it, so what it needs must be among the inputs.
pypaBuildPhase() {
  echo "Executing pypaBuildPhase"
  runHook preBuild
  echo "Creating a wheel..."
  local flags=()
  concatTo flags pypaBuildFlags
  PYTHONPATH=${PYTHONPATH-}:@buildPath@ @pythonInterpreter@ -m build --no-isolation --outdir dist/ --wheel "${flags[@]}"
  echo "Finished creating a wheel..."
  runHook postBuild
  echo "Finished executing pypaBuildPhase"
}
if [[ -z ${dontUsePypaBuild-} && -z ${buildPhase-} ]]; then
  echo "Using pypaBuildPhase"
  buildPhase=pypaBuildPhase
fi
