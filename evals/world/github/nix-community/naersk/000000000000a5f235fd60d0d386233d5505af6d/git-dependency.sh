log() { echo "[naersk] $*" >&2; }

# linkCrate NAME CHECKOUT KEY URL: links the package's files of a checkout into a folder of its own below $out.
linkCrate() {
  local name=$1 checkout=$2 key=$3 url=$4 manifest= version= candidate package folder
  export CARGO_HOME=$NIX_BUILD_TOP/.cargo-home
  while IFS= read -r candidate; do
    package=$(cargo metadata --no-deps --offline --format-version 1 --manifest-path "$candidate" 2>/dev/null | jq -c --arg name "$name" '.packages[] | select(.name == $name)' || true)
    if [ -n "$package" ]; then
      manifest=$(jq -r .manifest_path <<<"$package")
      version=$(jq -r .version <<<"$package")
      break
    fi
  done < <(find "$checkout" -name Cargo.toml -printf '%d %p\n' | sort -n | cut -d' ' -f2-)
  if [ -z "$manifest" ]; then
    log "($url) Could not find any Cargo.toml with 'package.name' equal to $name"
    exit 1
  fi
  folder=$name-$version-$key
  folder=$out/${folder:0:255}
  [ ! -e "$folder" ] || return 0
  mkdir -p "$folder"
  ln -s "$(dirname "$manifest")"/* "$folder"
  printf '{"package":null,"files":{}}' >"$folder/.cargo-checksum.json"
  log "($url) Found crate '$name-$version' ($folder)"
}
