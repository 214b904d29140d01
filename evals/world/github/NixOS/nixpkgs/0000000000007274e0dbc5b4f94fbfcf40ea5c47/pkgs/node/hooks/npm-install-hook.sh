# What npm pack would publish, into lib/node_modules; a wrapper in bin for each program; the dependencies that are no development dependencies.
npmInstallHook() {
  echo "Executing npmInstallHook"
  runHook preInstall

  local packageOut
  packageOut="$out/lib/node_modules/$(@jq@ --raw-output '.name' package.json)"

  # `npm pack` writes to cache, so temporarily override it
  local file packed
  packed=$(npm_config_cache="$HOME/.npm" npm pack --json --dry-run --loglevel=warn --no-foreground-scripts ${npmWorkspace+--workspace=$npmWorkspace} $npmPackFlags "${npmPackFlagsArray[@]}" $npmFlags "${npmFlagsArray[@]}")
  while IFS= read -r file; do
    local dest
    dest="$packageOut/$(dirname "$file")"
    mkdir -p "$dest"
    cp "${npmWorkspace-.}/$file" "$dest"
  done < <(@jq@ --raw-output '.[0].files | map(.path | select(. | startswith("node_modules/") | not)) | join("\n")' <<<"$packed")

  # Based on code from Python's buildPythonPackage wrap.sh script, $makeWrapperArgs may be an array or a list of words.
  local words=$makeWrapperArgs
  local bin
  while IFS=" " read -ra bin; do
    mkdir -p "$out/bin"
    makeWrapper @hostNode@ "$out/bin/${bin[0]}" --add-flags "$packageOut/${bin[1]}" $words
  done < <(@jq@ --raw-output '(.bin | type) as $typ | if $typ == "string" then
      .name + " " + .bin
      elif $typ == "object" then .bin | to_entries | map(.key + " " + .value) | join("\n")
      elif $typ == "null" then empty
      else "invalid type " + $typ | halt_error end' "${npmWorkspace-.}/package.json")

  local man
  while IFS= read -r man; do
    installManPage "$packageOut/$man"
  done < <(@jq@ --raw-output '(.man | type) as $typ | if $typ == "string" then .man
      elif $typ == "list" then .man | join("\n")
      elif $typ == "null" then empty
      else "invalid type " + $typ | halt_error end' "${npmWorkspace-.}/package.json")

  local nodeModulesPath=$packageOut/node_modules
  if [ ! -d "$nodeModulesPath" ]; then
    if [ -z "${dontNpmPrune-}" ]; then
      if ! npm prune --omit=dev --no-save ${npmWorkspace+--workspace=$npmWorkspace} $npmPruneFlags "${npmPruneFlagsArray[@]}" $npmFlags "${npmFlagsArray[@]}"; then
        echo
        echo "ERROR: npm prune step failed"
        echo
        echo 'If npm tried to download additional dependencies above, try setting `dontNpmPrune = true`.'
        echo
        exit 1
      fi
    fi
    if [ -d node_modules ]; then
      find node_modules -maxdepth 1 -type d -empty -delete
    fi
    if [ -d node_modules ]; then cp -r node_modules "$nodeModulesPath"; fi
  fi

  runHook postInstall
  echo "Finished npmInstallHook"
}
if [ -z "${dontNpmInstall-}" ] && [ -z "${installPhase-}" ]; then installPhase=npmInstallHook; fi
