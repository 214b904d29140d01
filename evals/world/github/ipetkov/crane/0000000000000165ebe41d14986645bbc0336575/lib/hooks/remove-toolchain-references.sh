# Messages of panics name the standard library's sources: without this every program would keep its compiler.
removeReferencesToRustToolchain() {
  local place=${1:-${out:?not defined}} toolchain hash
  echo "stripping references to Rust toolchain"
  toolchain=$(rustc --print sysroot)
  echo "Rust toolchain at: $toolchain"
  if [[ $toolchain =~ ^(@storeDir@/[a-z0-9]{32})- ]]; then
    hash=${BASH_REMATCH[1]}
    find "$place" -type f -exec sed -i "s|$hash|@storeDir@/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee|g" {} +
  fi
  echo "stripping Rust toolchain references done"
}
if [ -n "${doNotRemoveReferencesToRustToolchain-}" ]; then
  echo "removeReferencesToRustToolchain disabled"
else
  postInstallHooks+=(removeReferencesToRustToolchain)
fi
