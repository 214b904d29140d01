# Crates of git repositories, in the form of a vendor folder. $manifestFilter is manifest.jq.

# copyGitCrate TREE NAME VERSION TARGET: the package NAME of the checkout, its inherited values written out.
copyGitCrate() {
  local tree=$1 name=$2 target=$4 manifest= candidate found
  export CARGO_HOME=${CARGO_HOME:-$NIX_BUILD_TOP/.cargo-home}
  # The shallowest manifest that knows the package.
  while IFS= read -r candidate; do
    found=$(cargo metadata --format-version 1 --no-deps --offline --manifest-path "$candidate" 2>/dev/null | jq -r --arg name "$name" '.packages[] | select(.name == $name) | .manifest_path' || true)
    if [ -n "$found" ]; then
      manifest=$found
      break
    fi
  done < <(find "$tree" -name Cargo.toml -printf '%d %p\n' | sort -n | cut -d' ' -f2-)
  if [ -z "$manifest" ]; then
    echo "Cannot find path for crate '$name-$3' in the tree in: $tree" >&2
    exit 1
  fi
  echo "Found crate $name at $manifest"
  cp -rL --no-preserve=mode "$(dirname "$manifest")" "$target" || echo "Warning: certain files couldn't be copied!" >&2
  if grep -q workspace "$manifest"; then
    cargo metadata --format-version 1 --no-deps --offline --manifest-path "$manifest" |
      jq -r --arg name "$name" --arg root "$(dirname "$manifest")/" -f "$manifestFilter" >"$target/Cargo.toml"
  fi
  printf '{"files":{},"package":null}' >"$target/.cargo-checksum.json"
}

# gitSource SOURCE REPLACEMENT DECODE: cargo's configuration for one git source, each once.
declare -A __gitSources=()
gitSource() {
  local source=$1 url query kind= value=
  source=${source#git+}
  source=${source%%#*}
  url=${source%%\?*}
  [ "$url" = "$source" ] || { query=${source#*\?}; kind=${query%%=*}; value=${query#*=}; }
  if [ -n "$3" ]; then
    # From version 4 on the lock file has percent signs here.
    value=${value//+/ }
    printf -v value '%b' "${value//%/\\x}"
  fi
  if [ -n "${__gitSources[$source]-}" ]; then return 0; fi
  __gitSources[$source]=1
  printf '\n[source."%s"]\ngit = "%s"\n' "git+$source" "$url"
  [ -z "$kind" ] || printf '%s = "%s"\n' "$kind" "$value"
  printf 'replace-with = "%s"\n' "$2"
}
