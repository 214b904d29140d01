# vendorCrates: every package below the current folder to $out/NAME-VERSION. $manifestFilter is manifest.jq.
vendorCrates() {
  local manifest
  export CARGO_HOME=${CARGO_HOME:-$NIX_BUILD_TOP/.cargo-home}
  mkdir -p "$out"
  while IFS= read -r manifest; do
    vendorCrate "$manifest"
  done < <(find "$PWD" -name Cargo.toml)
}

vendorCrate() {
  local manifest=$1 found crate target file files lost=()
  # A workspace without a package of its own has none here, and a broken manifest need not be one of those that are wanted.
  found=$(cargo metadata --format-version 1 --no-deps --offline --manifest-path "$manifest" |
    jq -c --arg path "$manifest" '.packages[] | select(.manifest_path == $path)') || true
  if [ -z "$found" ]; then return 0; fi
  crate=$(jq -r '"\(.name)-\(.version)"' <<<"$found")
  target=$out/$crate
  if [ -e "$target" ]; then
    echo "warning: skipping duplicate package $crate found at $manifest" >&2
    return 0
  fi
  mkdir -p "$target"
  pushd "$(dirname "$manifest")" >/dev/null
  # cargo's own idea of what belongs to a package, with include and exclude of the manifest.
  files=$(cargo package --offline --exclude-lockfile -l)
  while IFS= read -r file; do
    case $file in Cargo.toml.orig*) continue ;; esac
    mkdir -p "$target/$(dirname "$file")"
    cp -L "$file" "$target/$file" 2>/dev/null || lost+=("$PWD/$file")
  done <<<"$files"
  popd >/dev/null
  # cargo names some files that are elsewhere in the repository, such as a README.
  if ((${#lost[@]})); then
    echo 'NOTE: ignoring the following files (listed by cargo) that failed to copy:'
    printf '%s\n' "${lost[@]}"
  fi
  printf '{"files":{},"package":null}' >"$target/.cargo-checksum.json"
  if grep -q workspace "$manifest"; then
    cargo metadata --format-version 1 --no-deps --offline --manifest-path "$manifest" |
      jq -r --arg name "$(jq -r .name <<<"$found")" --arg root "$(dirname "$manifest")/" -f "$manifestFilter" >"$target/Cargo.toml"
  fi
}
