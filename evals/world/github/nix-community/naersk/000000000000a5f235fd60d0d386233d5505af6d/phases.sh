# What the phases of a cargo build have in common. The options in the variables are not quoted: they may name variables themselves.

log() { echo "[naersk]" "$@" >&2; }
logRun() {
  echo "$@" >&2
  eval "$@"
}

naerskConfigure() {
  export SOURCE_DATE_EPOCH=1
  cargo_build_output_json=$(mktemp)
  cargo_version=$(cargo --version)
  cargo_version=${cargo_version#cargo }
  # Messages with colours, whole, since they are shown from the JSON when the build fails.
  cargo_message_format=json-diagnostic-rendered-ansi
  export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$NIX_BUILD_CORES}

  local name
  log "cargo_version (read): $cargo_version"
  log "cargo_message_format (set): $cargo_message_format"
  for name in cargo_release cargo_options cargo_build_options cargo_test_options RUST_TEST_THREADS cargo_bins_jq_filter; do log "$name: ${!name}"; done
  log "cargo_build_output_json (created): $cargo_build_output_json"
  log "RUSTFLAGS: $RUSTFLAGS"
  log "CARGO_BUILD_RUSTFLAGS: $CARGO_BUILD_RUSTFLAGS"

  # Paths of dependencies in messages of the program would keep their sources in its closure.
  if [ -n "$remapPathPrefix" ]; then
    local flags="--remap-path-prefix $cratesio_sources=/sources --remap-path-prefix $git_sources=/sources"
    if [ -n "$RUSTFLAGS" ]; then
      export RUSTFLAGS="$RUSTFLAGS $flags"
      log "RUSTFLAGS (updated): $RUSTFLAGS"
    else
      export CARGO_BUILD_RUSTFLAGS="$CARGO_BUILD_RUSTFLAGS $flags"
      log "CARGO_BUILD_RUSTFLAGS (updated): $CARGO_BUILD_RUSTFLAGS"
    fi
  fi

  mkdir -p target
  # Newer than what comes with the dependencies, so that cargo builds the stubs' originals.
  find . -type f -exec touch {} +

  local dep
  for dep in $builtDependencies; do
    log "pre-installing dep $dep"
    if [ -d "$dep/target" ]; then cp -r --no-preserve=mode,ownership "$dep/target/." target; fi
    if [ -f "$dep/target.tar.zst" ]; then "$zstd" -d "$dep/target.tar.zst" --stdout | tar -x; fi
    chmod -R +w target
  done

  export CARGO_HOME=${CARGO_HOME:-$PWD/.cargo-home}
  mkdir -p "$CARGO_HOME"
  cp "$cargoconfigPath" "$CARGO_HOME/config.toml"
}

# Shows cargo's messages when it failed. Tests write to the same file, so a line need not be JSON.
naerskBuilt() {
  if [ "$cargo_ec" -ne 0 ]; then
    jq -cMrR '. as $line | try (fromjson | select(.message.rendered != null) | .message.rendered) catch $line' <"$cargo_build_output_json"
    log "cargo returned with exit code $cargo_ec, exiting"
    exit "$cargo_ec"
  fi
}

naerskCopyBins() {
  mkdir -p "$out/bin"
  log "Using file $cargo_build_output_json to retrieve build (executable) products"
  local path
  while IFS= read -r path; do
    log "found executable ${path##*/} -> $out/bin/${path##*/}"
    cp "$path" "$out/bin/${path##*/}"
  done < <(jq -cMrR "fromjson? | $cargo_bins_jq_filter | .executable" <"$cargo_build_output_json")
}

naerskCopyLibs() {
  mkdir -p "$out/lib"
  log "Using file $cargo_build_output_json to retrieve build (library) products"
  local path
  while IFS= read -r path; do
    log "found library $path"
    cp "$path" "$out/lib/"
  done < <(jq -cMrR "fromjson? | $cargo_libs_jq_filter | .filenames[]" <"$cargo_build_output_json")
}

naerskPackTarget() {
  mkdir -p "$out"
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -c target | "$zstd" --quiet -o "$out/target.tar.zst"
}

naerskCleanDocs() {
  local match='<meta name="description" content="Source to the Rust file `'$NIX_STORE'[^`]*`.">'
  local replacement='<meta name="description" content="Source to the Rust file removed to reduce Nix closure size.">'
  find target/doc ${CARGO_BUILD_TARGET:+target/$CARGO_BUILD_TARGET/doc} -name '*.rs.html' -exec sed -i "s|$match|$replacement|" {} +
}
