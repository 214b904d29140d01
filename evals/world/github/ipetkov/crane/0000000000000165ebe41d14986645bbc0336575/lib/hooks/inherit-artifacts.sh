# inheritCargoArtifacts [ARTIFACTS [TARGET]]: an earlier target folder, or an archive of one, as the start of this one.
inheritCargoArtifacts() {
  local from=${1:-${cargoArtifacts:?not defined}} target=${2:-${CARGO_TARGET_DIR:-target}}
  if [ -f "$from/target.tar.zst" ]; then
    from=$from/target.tar.zst
  elif [ -d "$from/target" ]; then
    from=$from/target
  fi
  mkdir -p "$target"
  if [ -f "$from" ]; then
    echo "decompressing cargo artifacts from $from to $target"
    zstd -d "$from" --stdout | tar -x -C "$target"
  elif [ -d "$from" ]; then
    echo "copying cargo artifacts from $from to $target"
    cp -r --preserve=timestamps --no-preserve=ownership "$from/." "$target"
    chmod -R u+w "$target"
    # cargo minds the time of its own lock files.
    find "$target" -name '.cargo*lock' -delete
  else
    echo "unable to copy cargo artifacts, \"$from\" looks invalid"
    return 1
  fi
}
if [ -n "${cargoArtifacts-}" ]; then
  # After the patches: the target folder is then newer than the sources.
  postPatchHooks+=(inheritCargoArtifacts)
else
  echo "cargoArtifacts not set, will not reuse any cargo artifacts"
fi
