# Downloads what a Cargo.lock names: tarballs/NAME-VERSION.tar.gz, git/COMMIT, and the lock file itself.
createVendorStaging() {
  local lockFile=$1 target=$2 name version source checksum host url got
  if [ ! -e "$lockFile" ]; then
    echo "FileNotFoundError: [Errno 2] No such file or directory: 'Cargo.lock'" >&2
    exit 1
  fi
  mkdir -p "$target"
  cp "$lockFile" "$target/Cargo.lock"
  export HOME=$NIX_BUILD_TOP
  if [ -r "${NIX_SSL_CERT_FILE-}" ]; then export GIT_SSL_CAINFO=$NIX_SSL_CERT_FILE; fi
  while read -r name version source checksum; do
    case $source in
      git+*) fetchGitTree "$source" "$target" ;;
      *)
        # A registry's host is in the name of its index.
        if [[ $source =~ ^registry\+https://github\.com/rust-lang/(.+)-index$ || $source =~ ^sparse\+https://index\.([^/]+)/?$ ]]; then
          host=${BASH_REMATCH[1]}
        else
          echo "Cannot process source: $source" >&2
          exit 1
        fi
        mkdir -p "$target/tarballs"
        url=https://$host/api/v1/crates/$name/$version/download
        echo "Fetching $url -> tarballs/$name-$version.tar.gz" >&2
        if ! curl --silent --show-error --fail --location --retry 3 "$url" --output "$target/tarballs/$name-$version.tar.gz"; then
          echo "Failed to download tarball: Failed to fetch file from $url." >&2
          exit 1
        fi
        got=$(sha256sum "$target/tarballs/$name-$version.tar.gz")
        if [ "${got%% *}" != "$checksum" ]; then
          echo "Failed to download tarball: Hash mismatch! File fetched from $url had checksum ${got%% *}, expected $checksum." >&2
          exit 1
        fi
        ;;
    esac
  done < <(lockedPackages "$lockFile")
}

fetchGitTree() {
  local source=${1#git+} target=$2 url commit folder
  commit=${source##*#}
  url=${source%%#*}
  url=${url%%\?*}
  folder=$target/git/$commit
  [ ! -e "$folder" ] || return 0
  echo "Fetching $url#$commit -> git/$commit" >&2
  mkdir -p "$folder"
  git -C "$folder" init --quiet --initial-branch=fetched
  git -C "$folder" remote add origin "$url"
  git -C "$folder" fetch --quiet --depth=1 origin "$commit" 2>/dev/null ||
    git -C "$folder" fetch --quiet origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'
  git -C "$folder" checkout --quiet "$commit"
  if [ -e "$folder/.gitmodules" ]; then git -C "$folder" submodule update --quiet --init --recursive --depth=1; fi
  find "$folder" -name .git -print0 | xargs -0 rm -rf
}
