# After installation the main program must print the package's version.
versionCheckHook() {
  runHook preVersionCheck
  echo "Executing versionCheckPhase"
  local program=${versionCheckProgram:-${!outputBin}/bin/${NIX_MAIN_PROGRAM:-$pname}} arguments output
  if [[ ! -x $program ]]; then
    echo "versionCheckHook: $program was not found, or is not an executable" >&2
    exit 2
  fi
  for arguments in ${versionCheckProgramArg:---help --version}; do
    output=$(env -i "$program" "$arguments" 2>&1 || true)
    if [[ $output == *"$version"* ]]; then
      echo "Successfully managed to find version $version in the output of the command $program $arguments"
      runHook postVersionCheck
      echo "Finished versionCheckPhase"
      return
    fi
  done
  echo "Did not find version $version in the output of the command $program $arguments"
  echo "$output"
  exit 2
}
if [[ -z ${dontVersionCheck-} ]]; then
  preInstallCheckHooks+=(versionCheckHook)
fi
