# Installs the dependencies out of $npmDeps, offline.
npmConfigHook() {
  echo "Executing npmConfigHook"

  if [ -n "${npmRoot-}" ]; then pushd "$npmRoot"; fi

  echo "Configuring npm"
  export HOME=$TMPDIR

  if [ -z "${npmDeps-}" ]; then
    echo
    echo "ERROR: no dependencies were specified"
    echo 'Hint: set `npmDeps` if using these hooks individually. If this is happening with `buildNpmPackage`, please open an issue.'
    echo
    exit 1
  fi

  local cacheLockfile=$npmDeps/package-lock.json srcLockfile=$PWD/package-lock.json
  echo "Validating consistency between $srcLockfile and $cacheLockfile"
  if ! @diff@ "$srcLockfile" "$cacheLockfile"; then
    echo
    if ! [ -e "$srcLockfile" ]; then
      echo "ERROR: Missing package-lock.json from src. Expected to find it at: $srcLockfile"
      echo "Hint: You can copy a vendored package-lock.json file via postPatch."
    elif ! [ -e "$cacheLockfile" ]; then
      echo "ERROR: Missing lockfile from cache. Expected to find it at: $cacheLockfile"
    else
      echo "ERROR: npmDepsHash is out of date"
      echo
      echo "The package-lock.json in src is not the same as the in $npmDeps."
      echo
      echo "To fix the issue:"
      echo '1. Use `lib.fakeHash` as the npmDepsHash value'
      echo "2. Build the derivation and wait for it to fail with a hash mismatch"
      echo "3. Copy the 'got: sha256-' value back into the npmDepsHash field"
    fi
    echo
    exit 1
  fi

  export CACHE_MAP_PATH=$TMPDIR/npm-cache-map
  @prefetchNpmDeps@ --map-cache
  @prefetchNpmDeps@ --fixup-lockfile "$srcLockfile"

  local cachePath=$npmDeps
  if [ -n "${makeCacheWritable-}" ]; then
    echo "Making cache writable"
    cachePath=$TMPDIR/cache
    cp -r "$npmDeps" "$cachePath"
    chmod -R 700 "$cachePath"
  fi
  npm config set cache "$cachePath"
  npm config set offline true
  npm config set progress false

  echo "Installing dependencies"
  if ! npm ci --ignore-scripts $npmInstallFlags "${npmInstallFlagsArray[@]}" $npmFlags "${npmFlagsArray[@]}"; then
    echo
    echo "ERROR: npm failed to install dependencies"
    echo
    echo "Here are a few things you can try, depending on the error:"
    echo '1. Set `makeCacheWritable = true`'
    echo "  Note that this won't help if npm is complaining about not being able to write to the logs directory -- look above that for the actual error."
    echo '2. Set `npmFlags = [ "--legacy-peer-deps" ]`'
    echo
    exit 1
  fi

  if [ -d node_modules ]; then patchShebangs node_modules; fi
  npm rebuild $npmRebuildFlags "${npmRebuildFlagsArray[@]}" $npmFlags "${npmFlagsArray[@]}"
  if [ -d node_modules ]; then patchShebangs node_modules; fi

  rm "$CACHE_MAP_PATH"
  unset CACHE_MAP_PATH

  if [ -n "${npmRoot-}" ]; then popd; fi
  echo "Finished npmConfigHook"
}
postPatchHooks+=(npmConfigHook)
