# What stands before a crate is compiled: where it is, what it is built from, its variables, and its build script.

colour() { [[ $colors == always ]] && printf '\033[0;1;32m%s\033[0m\n' "$*" || printf '%s\n' "$*"; }

# Runs a command and shows it, where that is wanted.
noisily() {
  if [[ -n $verbose ]]; then
    colour Running "$(printf '%s ' "$@")"
  fi
  "$@"
}

# memberFolder NAME: the folder of that package in a checkout, by what cargo says of each manifest.
memberFolder() {
  local manifest found
  while IFS= read -r manifest; do
    found=$(CARGO_HOME=$NIX_BUILD_TOP/.cargo-home cargo metadata --no-deps --offline --format-version 1 --manifest-path "$manifest" 2>/dev/null |
      jq -r --arg name "$1" '.packages[] | select(.name == $name) | .manifest_path' | head -n1) || true
    if [[ -n $found ]]; then
      dirname "$found"
      return
    fi
  done < <(find -L . -name Cargo.toml | sort)
}

enterMember() {
  local folder=${workspace_member:-.}
  if [[ -n $searchMember ]]; then
    colour "Searching for matching Cargo.toml ($crateName)"
    folder=$(memberFolder "$crateName")
    if [[ -z $folder ]]; then
      echo "ERROR configuring $crateName: No matching Cargo.toml in $PWD found." >&2
      exit 23
    fi
  fi
  cd "$folder"
}

# gather FOLDER STORE-PATH...: links to the libraries, so that rustc finds what a library is built from.
gather() {
  local folder=$1 path file
  shift
  for path; do
    for file in "$path"/lib/*.rlib "$path"/lib/*.so "$path"/lib/*.dylib; do
      if [[ -e $file ]]; then ln -sf "$file" "$folder/"; fi
    done
  done
}

# What the build scripts of the crates below say: search paths for the linker, and variables for build scripts.
inherit_answers() {
  local path name value
  for path; do
    if [[ -e $path/lib/link ]]; then cat "$path/lib/link" >>target/link.inherited; fi
    if [[ -e $path/env ]]; then
      while IFS='=' read -r name value; do export "$name=$value"; done <"$path/env"
    fi
  done
}

exportVariables() {
  local name value feature
  while IFS=$'\t' read -r name value; do
    printf -v value '%b' "$value"
    export "$name=$value"
  done < <(jq -r 'to_entries[] | "\(.key)\t\(.value | gsub("\\\\"; "\\\\") | gsub("\n"; "\\n") | gsub("\t"; "\\t"))"' "$crateEnvironmentPath")
  export CARGO_MANIFEST_DIR=$PWD
  export CARGO_MANIFEST_PATH=$PWD/Cargo.toml
  export OUT_DIR=$PWD/target/build/$crateName.out
  if [[ -n $crateLinks ]]; then export CARGO_MANIFEST_LINKS=$crateLinks; fi
  for feature in $crateFeatures; do
    feature=${feature^^}
    export "CARGO_FEATURE_${feature//-/_}=1"
  done
}

configureCrate() {
  enterMember
  mkdir -p target/{deps,buildDeps,lib,bin,build}
  : >target/link.inherited
  gather target/deps $completeDeps
  gather target/buildDeps $completeBuildDeps
  inherit_answers $completeDeps $completeBuildDeps
  exportVariables

  # Arrays that compiling adds to.
  featureOptions=()
  local feature
  for feature in $crateFeatures; do featureOptions+=(--cfg "feature=\"$feature\""); done
  optimisation=(-C opt-level=3)
  if [[ -z $release ]]; then optimisation=(-C debuginfo=2); fi
  optimisation+=(-C "codegen-units=$codegenUnits" --remap-path-prefix="$NIX_BUILD_TOP=/")
  searchOptions=() libraryOptions=() answeredOptions=() linkArguments=() linkArgumentsBins=() linkArgumentsCdylib=() linkArgumentsTests=()
  mapfile -t searchOptions < <(sort -u target/link.inherited | sed -n 's/^-L //p' | sed 's/^/-L\n/')
  : >target/answers

  local script=$build
  if [[ -z $script && -e build.rs ]]; then script=build.rs; fi
  if [[ -n $script ]]; then
    source "$buildScriptFunctions"
    runBuildScript "$script"
  fi
}
