# The library and the programs of a crate, or its tests.

# compile NAME FILE OPTION...: everything that all calls of rustc have in common.
compile() {
  local name=$1 file=$2
  shift 2
  colour "Building $file ($name)"
  CARGO_CRATE_NAME=$name noisily env "${programVariables[@]}" rustc --crate-name "$name" "$file" "$@" "${optimisation[@]}" $rustcOptions "${featureOptions[@]}" \
    --emit=dep-info,link -L dependency=target/deps $externOptions --cap-lints "${capLints:-allow}" $extraLinkFlags "${searchOptions[@]}" \
    "${answeredOptions[@]}" "${linkArguments[@]}" ${buildDirectory:+-L "$buildDirectory"} --color "$colors"
}

libraryFile() {
  local candidate
  for candidate in "$libPath" src/lib.rs "src/$libName.rs"; do
    if [[ -n $candidate && -e $candidate ]]; then
      echo "$candidate"
      return
    fi
  done
}

compileLibrary() {
  local types=() type
  for type in $crateType; do types+=(--crate-type "$type"); done
  # As cargo does, so that the compiler's own crate needs no `extern crate`.
  if [[ $crateType == proc-macro ]]; then types+=(--extern proc_macro); fi
  if [[ " $crateType " == *" cdylib "* ]]; then types+=("${linkArgumentsCdylib[@]}"); fi
  compile "$libraryName" "$1" "${types[@]}" -C "metadata=$metadata" -C "extra-filename=-$metadata" --out-dir target/lib "${libraryOptions[@]}"
  local built
  for built in target/lib/lib"$libraryName-$metadata".{rlib,so,dylib}; do
    if [[ -e $built ]]; then
      ownLibrary=(--extern "$libraryName=$built")
      break
    fi
  done
  # The programs get these from the library.
  libraryOptions=()
}

# compileProgram NAME FILE FOLDER OPTION...
compileProgram() {
  local name=$1 file=$2 folder=$3
  shift 3
  mkdir -p "$folder"
  CARGO_BIN_NAME=$name compile "${name//-/_}" "$file" --crate-type bin --out-dir "$folder" "${ownLibrary[@]}" "${libraryOptions[@]}" "$@"
  if [[ ${name//-/_} != "$name" ]]; then mv "$folder/${name//-/_}" "$folder/$name"; fi
}

# Where cargo looks for a program whose manifest names no path.
programFile() {
  local name=$1 other=${1//-/_} candidate
  for candidate in "src/bin/$name.rs" "src/bin/$name/main.rs" "src/bin/$other.rs" "src/bin/$other/main.rs" src/bin/main.rs src/main.rs; do
    if [[ -e $candidate ]]; then
      echo "$candidate"
      return
    fi
  done
  echo "ERROR: failed to find file for binary target: $name" >&2
  return 1
}

# The programs, as NAME, a tab and FILE.
programs() {
  local name file
  if [[ -n $hasCrateBin ]]; then
    while IFS=$'\t' read -r name file; do
      if [[ -z $file ]]; then file=$(programFile "$name"); fi
      printf '%s\t%s\n' "$name" "$file"
    done <"$binTargetsPath"
    return
  fi
  if [[ -e src/main.rs ]]; then printf '%s\t%s\n' "$crateName" src/main.rs; fi
  for file in src/bin/*.rs src/bin/*/main.rs; do
    [[ -e $file ]] || continue
    name=${file#src/bin/} name=${name%/main.rs}
    printf '%s\t%s\n' "${name%.rs}" "$file"
  done
}

compileTests() {
  local name file
  # Integration tests may run the programs, which cargo has in the same folder as they are.
  if [[ -n $libraryFile ]]; then compileProgram "$libraryName" "$libraryFile" target/tests --test "${linkArgumentsTests[@]}" ; fi
  while IFS=$'\t' read -r name file; do
    compileProgram "$name" "$file" target/bin
    # A program's name may hold a hyphen, and no variable of the shell may.
    programVariables+=("CARGO_BIN_EXE_$name=$PWD/target/debug/$name")
  done <target/programs
  while IFS=$'\t' read -r name file; do compileProgram "$name" "$file" target/tests/programs --test; done <target/programs
  for file in tests/*.rs tests/*/main.rs; do
    [[ -e $file ]] || continue
    name=${file#tests/} name=${name%/main.rs}
    compileProgram "${name%.rs}" "$file" target/tests --test "${linkArgumentsTests[@]}"
  done
  for file in target/tests/programs/*; do
    [[ -x $file && -f $file ]] || continue
    # A program may bear the library's name.
    if [[ -e target/tests/${file##*/} ]]; then mv "$file" "target/tests/${file##*/}-program"; else mv "$file" target/tests/; fi
  done
}

compileCrate() {
  libraryName=${libName//-/_}
  ownLibrary=()
  programVariables=()
  buildDirectory=
  if [[ -d $OUT_DIR ]]; then buildDirectory=$OUT_DIR; fi
  libraryFile=$(libraryFile)
  if [[ -n $libraryFile ]]; then compileLibrary "$libraryFile"; fi
  programs >target/programs
  if [[ -n $buildTests ]]; then
    compileTests
    return
  fi
  local name file
  while IFS=$'\t' read -r name file; do compileProgram "$name" "$file" target/bin "${linkArgumentsBins[@]}"; done <target/programs
}
