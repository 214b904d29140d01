replaceCargoLock() {
  local lock=${1:-${cargoLock:?not defined}}
  if [ -f Cargo.lock ]; then
    echo "moving Cargo.lock to Cargo.lock.orig, then will use $lock as Cargo.lock"
    mv Cargo.lock Cargo.lock.orig
  else
    echo "will use $lock as Cargo.lock"
  fi
  cp --no-preserve=ownership,mode "$lock" Cargo.lock
}
if [ -n "${cargoLock-}" ]; then
  if [ -n "${doNotReplaceCargoLock-}" ]; then
    echo "skipping Cargo.lock override as requested"
  else
    prePatchHooks+=(replaceCargoLock)
  fi
fi
