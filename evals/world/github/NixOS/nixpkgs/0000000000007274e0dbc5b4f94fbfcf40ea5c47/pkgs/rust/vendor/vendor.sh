# The vendor folder of what staging.sh has downloaded, with cargo's configuration for it (@vendor@ is where the folder will be).
createVendor() {
  local staging=$1 target=$2 name version source checksum decode= number
  local -A numbers=()
  mkdir -p "$target/.cargo" "$target/source-registry-0"
  cp "$staging/Cargo.lock" "$target/Cargo.lock"
  if [ "$(lockVersion "$staging/Cargo.lock")" -ge 4 ] 2>/dev/null; then decode=1; fi
  cat >"$target/.cargo/config.toml" <<'END'
[source.crates-io]
replace-with = "vendored-source-registry-0"

[source.vendored-source-registry-0]
directory = "@vendor@/source-registry-0"
END
  while read -r name version source checksum; do
    case $source in
      git+*)
        number=${numbers[${source%%#*}]-}
        if [ -z "$number" ]; then
          number=${#numbers[@]}
          numbers[${source%%#*}]=$number
          mkdir -p "$target/source-git-$number"
          gitSource "$source" "vendored-source-git-$number" "$decode" >>"$target/.cargo/config.toml"
          printf '\n[source.vendored-source-git-%s]\ndirectory = "@vendor@/source-git-%s"\n' "$number" "$number" >>"$target/.cargo/config.toml"
        fi
        copyGitCrate "$staging/git/${source##*#}" "$name" "$version" "$target/source-git-$number/$name-$version"
        ;;
      *)
        mkdir "$target/source-registry-0/$name-$version"
        tar xf "$staging/tarballs/$name-$version.tar.gz" -C "$target/source-registry-0/$name-$version" --strip-components=1 --no-same-permissions
        printf '{"files":{},"package":"%s"}' "$checksum" >"$target/source-registry-0/$name-$version/.cargo-checksum.json"
        ;;
    esac
  done < <(lockedPackages "$staging/Cargo.lock")
}
