# prepareAndInstallCargoArtifactsDir [FOLDER [TARGET [MODE]]]: the target folder for later derivations, as an archive (use-zstd) or as it is
# (use-symlink).
prepareAndInstallCargoArtifactsDir() {
  local folder=${1:-$out} target=${2:-${CARGO_TARGET_DIR:-target}} mode=${3:-${installCargoArtifactsMode:-use-zstd}}
  mkdir -p "$folder"
  case $mode in
    use-zstd) compressAndInstallCargoArtifactsDir "$folder" "$target" ;;
    use-symlink)
      echo "installing $target to $folder"
      mv "$target" --target-directory="$folder"
      ;;
    *)
      echo "unknown mode: \"$mode\""
      return 1
      ;;
  esac
}

compressAndInstallCargoArtifactsDir() {
  local folder=${1:?destination directory not defined} target=${2:?cargoTargetDir not defined}
  mkdir -p "$folder"
  if [ ! -d "$target" ]; then
    echo "'$target' does not exist, will NOT output to $folder/target.tar.zst"
    return 0
  fi
  echo "compressing and installing full archive of $target to $folder/target.tar.zst"
  # Equal builds give equal archives.
  tar --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --mode=u+w --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
    -C "$target" -c . | zstd "-T${NIX_BUILD_CORES:-0}" --quiet -o "$folder/target.tar.zst" ${zstdCompressionExtraArgs-}
}
if [ "${doInstallCargoArtifacts-}" = 1 ]; then postInstallHooks+=(prepareAndInstallCargoArtifactsDir); fi
