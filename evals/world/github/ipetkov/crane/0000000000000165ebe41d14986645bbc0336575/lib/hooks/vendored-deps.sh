# configureCargoVendoredDepsHook [FOLDER [CONFIG]]: tells cargo of a vendor folder, in its home: what the project configures is then stronger.
configureCargoVendoredDepsHook() {
  local folder=${1:-${cargoVendorDir:?not defined}} config=${2:-${CARGO_HOME:?not defined}/config.toml}
  if [ -f "$folder/config.toml" ]; then
    echo "will append $config with contents of $folder/config.toml"
    cat "$folder/config.toml" >>"$config"
  else
    echo "setting source replacement config in $config using vendored directory $folder"
    printf '\n[source.crates-io]\nreplace-with = "nix-sources"\n[source.nix-sources]\ndirectory = "%s"\n' "$folder" >>"$config"
  fi
}
if [ -n "${cargoVendorDir-}" ]; then
  preConfigureHooks+=(configureCargoVendoredDepsHook)
else
  echo "cargoVendorDir not set, will not automatically configure vendored sources"
fi
