# installFromCargoBuildLog [FOLDER [LOG]]: the programs and C libraries of the project's own packages that cargo's messages name.
installFromCargoBuildLog() {
  local folder=${1:-$out} log=${2:-${cargoBuildLog:?not defined}} members own artifact
  if [ ! -f "$log" ]; then
    echo "unable to install, cargo build log does not exist at: $log"
    return 1
  fi
  mkdir -p "$folder"
  echo "searching for bins/libs to install from cargo build log at $log"
  members=$(command cargo metadata --format-version 1 | @jq@ -c .workspace_members)
  own='fromjson? | select(.reason == "compiler-artifact" and .profile.test == false) | select([.package_id] | inside($members))'
  # Programs that a dependency wants as files are not products.
  artifact='select(. != null and (contains("/deps/artifact/") | not))'
  @jq@ -rR --argjson members "$members" "$own | select(.target.kind | any(. == \"cdylib\" or . == \"dylib\" or . == \"staticlib\")) | .filenames[] | select(endswith(\".rlib\") | not) | $artifact" <"$log" |
    installArtifacts "$folder/lib"
  @jq@ -rR --argjson members "$members" "$own | .executable | $artifact" <"$log" | installArtifacts "$folder/bin"
  echo "searching for bins/libs complete"
}

# installArtifacts FOLDER: the files that standard input names, one a line. Without any there is no folder.
installArtifacts() {
  local file
  while IFS= read -r file; do
    mkdir -p "$1"
    echo "installing $file in $1"
    cp "$file" "$1"
  done
}

# Right after the build: a test run builds some of these files anew.
postBuildInstallFromCargoBuildLog() {
  if [ -z "${cargoBuildLog-}" ] || [ ! -f "$cargoBuildLog" ]; then
    cat <<'END'
$cargoBuildLog is either undefined or does not point to a valid file location!
What is to be installed is read from cargo's messages, and the build phase was
replaced by one that does not keep them. Either set
`doNotPostBuildInstallCargoBinaries = true;` and install by yourself, or run
  cargoBuildLog=$(mktemp cargoBuildLogXXXX.json)
  cargo build --release --message-format json-render-diagnostics >"$cargoBuildLog"
END
    return 1
  fi
  installFromCargoBuildLog "$postBuildInstallFromCargoBuildLogOut" "$cargoBuildLog"
}
if [ -z "${doNotPostBuildInstallCargoBinaries-}" ]; then
  postBuildInstallFromCargoBuildLogOut=$(mktemp -d postBuildInstallFromCargoBuildLogOutTempXXX)
  postBuildHooks+=(postBuildInstallFromCargoBuildLog)
fi
