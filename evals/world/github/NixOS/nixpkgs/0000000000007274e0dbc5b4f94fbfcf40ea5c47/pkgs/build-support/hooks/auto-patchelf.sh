# Gives programs that were built elsewhere the store's loader, and a library path of the inputs that have what they need.
gatherLibraries() { autoPatchelfFolders+=("$1/lib"); }
declare -a autoPatchelfFolders=()
addEnvHooks "$targetOffset" gatherLibraries

autoPatchelfFile() {
  local file=$1 needed folder found path= missing=0
  for needed in $(patchelf --print-needed "$file"); do
    [[ -e @glibc@/lib/$needed || $needed == ld-linux* ]] && continue
    found=
    for folder in "${autoPatchelfFolders[@]}" @gcclib@/lib; do
      if [[ -e $folder/$needed ]]; then found=$folder; break; fi
    done
    if [[ -n $found ]]; then
      [[ :$path: == *:$found:* ]] || path+=:$found
    elif [[ " ${autoPatchelfIgnoreMissingDeps[*]-} " == *" $needed "* || " ${autoPatchelfIgnoreMissingDeps[*]-} " == *" * "* ]]; then
      echo "warn: auto-patchelf ignoring missing $needed wanted by $file"
    else
      echo "error: auto-patchelf could not satisfy dependency $needed wanted by $file"
      missing=1
    fi
  done
  for folder in ${runtimeDependencies-}; do path+=:$folder/lib; done
  path=${path#:}
  patchelf --set-rpath "${path:+$path:}@glibc@/lib" "$file"
  if patchelf --print-interpreter "$file" >/dev/null 2>&1; then patchelf --set-interpreter "$(echo @glibc@/lib/ld-linux*.so.*)" "$file"; fi
  return "$missing"
}

autoPatchelf() {
  local file failed=0
  while IFS= read -r -d '' file; do
    isELF "$file" || continue
    patchelf --print-needed "$file" >/dev/null 2>&1 || continue
    echo "setting interpreter and RPATH of $file"
    autoPatchelfFile "$file" || failed=1
  done < <(find "$@" -type f \( -perm -0100 -o -name '*.so' -o -name '*.so.*' \) -print0)
  if [[ $failed == 1 ]]; then
    echo "auto-patchelf failed to find all the required dependencies."
    echo "Add the missing dependencies to --libs or use \`--ignore-missing=\"foo.so.1 bar.so etc.so\"\`."
    exit 1
  fi
}

autoPatchelfPostFixup() {
  local output
  for output in $(getAllOutputNames); do
    if [[ -d ${!output}/lib ]]; then autoPatchelfFolders+=("${!output}/lib"); fi
  done
  for output in $(getAllOutputNames); do
    if [[ -e ${!output} ]]; then autoPatchelf "${!output}"; fi
  done
}
if [[ -z ${dontAutoPatchelf-} ]]; then postFixupHooks+=(autoPatchelfPostFixup); fi
