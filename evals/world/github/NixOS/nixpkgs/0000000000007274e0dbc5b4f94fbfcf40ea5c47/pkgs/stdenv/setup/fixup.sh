# ---- after installation

_overrideFirst() {
  # The first of the named outputs that this derivation has.
  local variable=$1 candidate
  shift
  if [[ -n ${!variable-} ]]; then return 0; fi
  for candidate; do
    if [[ -n ${!candidate-} && " $(getAllOutputNames) " == *" $candidate "* ]]; then
      printf -v "$variable" %s "$candidate"
      return 0
    fi
  done
  printf -v "$variable" %s ""
}
__first=$(getAllOutputNames)
__first=${__first%% *}
_overrideFirst outputDev dev out "$__first"
_overrideFirst outputBin bin out "$__first"
_overrideFirst outputInclude "$outputDev"
_overrideFirst outputLib lib out "$__first"
_overrideFirst outputDoc doc out "$__first"
_overrideFirst outputDevdoc devdoc "$outputDev"
_overrideFirst outputMan man "$outputBin"
_overrideFirst outputInfo info "$outputBin"

# moveToOutput PATTERN OUTPUT: files of all other outputs that match, relative to the output.
moveToOutput() {
  local pattern=$1 target=$2 output source relative
  [[ $target == REMOVE ]] || target=${!target-$target}
  for output in $(getAllOutputNames); do
    [[ ${!output} != "$target" && -d ${!output} ]] || continue
    for source in "${!output}"/$pattern; do
      [[ -e $source || -L $source ]] || continue
      if [[ $target == REMOVE ]]; then
        rm -rf "$source"
        continue
      fi
      relative=${source#"${!output}"/}
      echo "Moving $source to $target/$relative"
      mkdir -p "$target/${relative%/*}"
      if [[ -d $source && -d $target/$relative ]]; then
        cp -rT "$source" "$target/$relative" && rm -r "$source"
      else
        mkdir -p "$(dirname "$target/$relative")"
        mv "$source" "$target/$relative"
      fi
      rmdir --ignore-fail-on-non-empty -p "$(dirname "$source")" 2>/dev/null || true
    done
  done
}

_moveDevelopmentFiles() {
  [[ $outputDev == out || -z $outputDev || -n ${dontMoveDevelopmentFiles-} ]] && return 0
  moveToOutput include "$outputInclude"
  moveToOutput lib/pkgconfig "$outputDev"
  moveToOutput share/pkgconfig "$outputDev"
  moveToOutput lib/cmake "$outputDev"
  moveToOutput share/aclocal "$outputDev"
  local file
  for file in "${!outputDev}"/{lib,share}/pkgconfig/*.pc; do
    [[ -f $file ]] || continue
    echo "Patching '$file' includedir to output ${!outputInclude}"
    sed -i "/^includedir=/s,=\${prefix},=${!outputInclude}," "$file"
  done
}
_moveShare() {
  local folder
  for folder in man doc info; do
    if [[ -d $prefix/$folder && ! -L $prefix/$folder ]]; then
      mkdir -p "$prefix/share"
      mv "$prefix/$folder" "$prefix/share/"
    fi
  done
  if [[ -d $prefix/sbin && ! -L $prefix/sbin && -z ${dontMoveSbin-} ]]; then
    mkdir -p "$prefix/bin"
    mv "$prefix"/sbin/* "$prefix/bin/"
    rmdir "$prefix/sbin"
    ln -s bin "$prefix/sbin"
  fi
  if [[ -d $prefix/lib64 && ! -L $prefix/lib64 && -z ${dontMoveLib64-} ]]; then
    mkdir -p "$prefix/lib"
    mv "$prefix"/lib64/* "$prefix/lib/"
    rmdir "$prefix/lib64"
    ln -s lib "$prefix/lib64"
  fi
}
preFixupHooks+=(_moveDevelopmentFiles)
fixupOutputHooks+=(_moveShare)

_shrinkRpaths() {
  [[ -z ${dontPatchELF-} && -e $prefix ]] || return 0
  command -v patchelf >/dev/null || return 0
  echo "shrinking RPATHs of ELF executables and libraries in $prefix"
  local file
  while IFS= read -r -d '' file; do
    isELF "$file" || continue
    case $file in *.o | *.a | *.rlib) continue ;; esac
    echo "shrinking $file"
    patchelf --shrink-rpath "$file" 2>/dev/null || true
  done < <(find "$prefix" -type f \( -perm -0100 -o -name '*.so' -o -name '*.so.*' \) -print0)
}

_checkReferences() {
  [[ -z ${noAuditTmpdir-} && -e $prefix ]] || return 0
  echo "checking for references to ${NIX_BUILD_TOP-}/ in $prefix..."
  command -v patchelf >/dev/null || return 0
  local file rpath
  while IFS= read -r -d '' file; do
    isELF "$file" || continue
    rpath=$(patchelf --print-rpath "$file" 2>/dev/null || true)
    if [[ ":$rpath" == *":${NIX_BUILD_TOP:-/no-build-folder}/"* ]]; then
      echo "RPATH of binary $file contains a forbidden reference to ${NIX_BUILD_TOP}/"
      exit 1
    fi
  done < <(find "$prefix" -type f \( -perm -0100 -o -name '*.so' -o -name '*.so.*' \) -print0)
}

# patchShebangs [--build|--host] [--update] FILE...
patchShebangs() {
  local pathName=HOST_PATH update=
  while (($#)); do
    case $1 in
      --host) pathName=HOST_PATH ;;
      --build) pathName=PATH ;;
      --update) update=1 ;;
      --) shift; break ;;
      -*) echo "Unknown option $1 supplied to patchShebangs" >&2; return 1 ;;
      *) break ;;
    esac
    shift
  done
  echo "patching script interpreter paths in $*"
  local file line interpreter args new rest
  while IFS= read -r -d '' file; do
    isScript "$file" || continue
    IFS= read -r line <"$file" || true
    read -r interpreter args <<<"${line#\#!}" || true
    if [[ $interpreter == */bin/env ]]; then
      if [[ $args == -S* ]]; then args=${args#-S}; args=${args# }; fi
      read -r new rest <<<"$args" || true
      if [[ $new == -* || $new == *=* ]]; then
        echo "$file: unsupported interpreter directive \"$line\" (set dontPatchShebangs=1 and handle shebang patching yourself)"
        exit 1
      fi
      args=$rest
    else
      new=${interpreter##*/}
    fi
    [[ -n $interpreter ]] || continue
    if [[ $interpreter == "$NIX_STORE"/* && -z $update ]]; then continue; fi
    new=$(PATH=${!pathName} type -P "$new" || true)
    [[ -n $new && $new != "$interpreter" ]] || continue
    new=$new${args:+ $args}
    echo "$file: interpreter directive changed from \"$line\" to \"$new\""
    # The time stamp stays, since make looks at it.
    local stamp
    stamp=$(stat -c %y "$file")
    sed -i -e "1 s|.*|#!${new//\\/\\\\}|" "$file"
    touch -d "$stamp" "$file"
  done < <(find "$@" -type f -perm -0100 -print0)
}
_patchShebangsOfOutput() {
  if [[ -z ${dontPatchShebangs-} && -e $prefix ]]; then patchShebangs --host "$prefix"; fi
}

_stripOutput() {
  [[ -z ${dontStrip-} && -e $prefix ]] || return 0
  command -v strip >/dev/null || return 0
  local folder list=()
  local all=() debug=()
  concatTo all stripAllList
  concatTo debug stripDebugList=lib\ lib32\ lib64\ libexec\ bin\ sbin
  [[ ${#all[@]} == 0 ]] || _stripFolders "-s -p" ${stripAllFlags-} -- "${all[@]}"
  _stripFolders ${stripDebugFlags:--S -p} -- "${debug[@]}"
}
_stripFolders() {
  local flags=() folders=() folder
  while [[ $1 != -- ]]; do
    flags+=($1)
    shift
  done
  shift
  for folder; do
    if [[ -d $prefix/$folder && ! -L $prefix/$folder ]]; then folders+=("$prefix/$folder"); fi
  done
  [[ ${#folders[@]} != 0 ]] || return 0
  echo "stripping (with command strip and flags ${flags[*]}) in  ${folders[*]}"
  find "${folders[@]}" -type f -print0 | xargs -0 -r -n 20 strip "${flags[@]}" 2>/dev/null || true
}

_relativeLinks() {
  [[ -z ${dontRewriteSymlinks-} && -e $prefix ]] || return 0
  local link target
  while IFS= read -r -d '' link; do
    target=$(readlink "$link")
    [[ $target == "$prefix"/* ]] || continue
    echo "rewriting symlink $link to be relative to $prefix"
    ln -snrf "$target" "$link"
  done < <(find "$prefix" -type l -print0)
}
fixupOutputHooks+=(_stripOutput _shrinkRpaths _checkReferences _patchShebangsOfOutput _relativeLinks)

# What users of this package get too.
_recordPropagated() {
  local list=() output
  concatTo list propagatedBuildInputs
  # The library and its programs come with the development files.
  if [[ -n $outputDev && ${!outputDev-} ]]; then
    local extra=()
    for output in ${propagatedBuildOutputs-$( [[ " $(getAllOutputNames) " == *" dev "* ]] && echo "$outputBin $outputInclude $outputLib" )}; do
      if [[ -n ${!output-} && $output != "$outputDev" && " ${extra[*]-} " != *" ${!output} "* ]]; then extra+=("${!output}"); fi
    done
    list+=("${extra[@]}")
    if [[ ${#list[@]} != 0 ]]; then
      mkdir -p "${!outputDev}/nix-support"
      printf '%s ' "${list[@]}" >"${!outputDev}/nix-support/propagated-build-inputs"
    fi
    list=()
    concatTo list propagatedNativeBuildInputs
    if [[ ${#list[@]} != 0 ]]; then
      mkdir -p "${!outputDev}/nix-support"
      printf '%s ' "${list[@]}" >"${!outputDev}/nix-support/propagated-native-build-inputs"
    fi
    local hooks=() hook
    concatTo hooks setupHook setupHooks
    if [[ ${#hooks[@]} != 0 ]]; then
      mkdir -p "${!outputDev}/nix-support"
      for hook in "${hooks[@]}"; do
        local text
        substituteAll "$hook" "$NIX_BUILD_TOP/.setup-hook"
        cat "$NIX_BUILD_TOP/.setup-hook" >>"${!outputDev}/nix-support/setup-hook"
      done
    fi
  fi
  if [[ -n ${propagatedUserEnvPkgs-} && -n $outputBin ]]; then
    mkdir -p "${!outputBin}/nix-support"
    printf '%s ' $propagatedUserEnvPkgs >"${!outputBin}/nix-support/propagated-user-env-packages"
  fi
}

fixupPhase() {
  local output
  for output in $(getAllOutputNames); do
    if [[ -e ${!output} && ! -L ${!output} ]]; then chmod -R u+w,u-s,g-s -- "${!output}"; fi
  done
  runHook preFixup
  for output in $(getAllOutputNames); do
    if [[ -e ${!output} ]]; then prefix=${!output} runHook fixupOutput; fi
  done
  _recordPropagated
  runHook postFixup
}
