# The same for the sources of the dependencies.
removeReferencesToVendoredSources() {
  local place=${1:-${out:?not defined}} vendored=${2:-${cargoVendorDir:?not defined}} script folder
  echo "stripping references to cargoVendorDir from:"
  find "$place" -type f | sort
  script=$(
    {
      echo "$vendored"
      # The registries' folders, and the crates that these link to.
      for folder in "$vendored"/*; do
        if [ -d "$folder" ]; then
          readlink "$folder" || true
          find -H "$folder" -maxdepth 1 -type l -exec readlink {} +
        fi
      done
    } | sed -n 's|^@storeDir@/\([a-z0-9]\{32\}\)-.*|s!@storeDir@/\1!@storeDir@/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee!g|p' | sort -u
  )
  if [ -n "$script" ]; then find "$place" -type f -exec sed -i -e "$script" {} +; fi
  echo "stripping references done"
}
if [ -n "${doNotRemoveReferencesToVendorDir-}" ]; then
  echo "removeReferencesToVendoredSources disabled"
elif [ -n "${cargoVendorDir-}" ]; then
  postInstallHooks+=(removeReferencesToVendoredSources)
else
  echo "cargoVendorDir not set, will not attempt to remove any references"
fi
