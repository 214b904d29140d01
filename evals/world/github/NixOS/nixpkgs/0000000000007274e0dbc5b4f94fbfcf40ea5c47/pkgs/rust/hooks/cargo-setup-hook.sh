# Puts the vendored dependencies where cargo finds them, and makes sure that they are those of the lock file.
cargoSetupPostUnpackHook() {
  echo "Executing cargoSetupPostUnpackHook"
  # A copy that can be written to, since some build scripts change their own folder.
  if [[ -z ${cargoVendorDir-} ]]; then
    if [[ -d $cargoDeps ]]; then
      cargoDepsCopy=$PWD/$(stripHash "$cargoDeps")
      cp -Lr --reflink=auto -- "$cargoDeps" "$cargoDepsCopy"
      chmod -R u+w -- "$cargoDepsCopy"
    else
      unpackFile "$cargoDeps"
      cargoDepsCopy=$(realpath "$(stripHash "$cargoDeps")")
    fi
  else
    cargoDepsCopy=$(realpath "$PWD/$sourceRoot/${cargoRoot:+$cargoRoot/}$cargoVendorDir")
  fi
  export cargoDepsCopy

  mkdir -p .cargo
  if [[ -e $cargoDepsCopy/.cargo/config.toml ]]; then
    substitute "$cargoDepsCopy/.cargo/config.toml" - --replace-quiet @vendor@ "$cargoDepsCopy" >>.cargo/config.toml
  else
    printf '[source.crates-io]\nreplace-with = "vendored-sources"\n\n[source.vendored-sources]\ndirectory = "%s"\n' "$cargoDepsCopy" >>.cargo/config.toml
  fi
  echo "Finished cargoSetupPostUnpackHook"
}

# After the patches, since one of them may bring the lock file.
cargoSetupPostPatchHook() {
  echo "Executing cargoSetupPostPatchHook"
  local cargoDepsLockfile=$cargoDepsCopy/Cargo.lock
  local srcLockfile=$PWD/${cargoRoot:+$cargoRoot/}Cargo.lock

  echo "Validating consistency between $srcLockfile and $cargoDepsLockfile"
  if ! diff "$srcLockfile" "$cargoDepsLockfile"; then
    if ! [[ -e $srcLockfile ]]; then
      echo "ERROR: Missing Cargo.lock from src. Expected to find it at: $srcLockfile"
      echo "Hint: You can use the cargoPatches attribute to add a Cargo.lock manually to the build."
      exit 1
    fi
    if ! [[ -e $cargoDepsLockfile ]]; then
      echo "ERROR: Missing lockfile from cargo vendor. Expected to find it at: $cargoDepsLockfile"
      exit 1
    fi
    echo
    echo "ERROR: cargoHash or cargoSha256 is out of date"
    echo
    echo "Cargo.lock is not the same in $cargoDepsCopy"
    echo
    echo "To fix the issue:"
    echo '1. Set cargoHash/cargoSha256 to an empty string: `cargoHash = "";`'
    echo '2. Build the derivation and wait for it to fail with a hash mismatch'
    echo '3. Copy the "got: sha256-..." value back into the cargoHash field'
    echo '   You should have: cargoHash = "sha256-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX=";'
    echo
    exit 1
  fi
  echo "Finished cargoSetupPostPatchHook"
}

if [[ -z ${dontCargoSetupPostUnpack-} ]]; then postUnpackHooks+=(cargoSetupPostUnpackHook); fi
if [[ -z ${cargoVendorDir-} ]]; then postPatchHooks+=(cargoSetupPostPatchHook); fi
