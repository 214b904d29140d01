# ---- the phases

# unpackFile FILE: into the current folder, by the first hook that knows its kind.
unpackFile() {
  curSrc=$1
  echo "unpacking source archive $curSrc"
  if ! runOneHook unpackCmd "$curSrc"; then
    echo "do not know how to unpack source archive $curSrc"
    exit 1
  fi
}
_defaultUnpack() {
  local file=$1 destination
  if [[ -d $file ]]; then
    destination=$(stripHash "$file")
    if [[ -e $destination ]]; then
      echo "Cannot copy $file to $destination: destination already exists!"
      echo "Did you specify two \"srcs\" with the same \"name\"?"
      return 1
    fi
    cp -r --preserve=mode,timestamps --reflink=auto -- "$file" "$destination"
    return
  fi
  case $file in
    *.tar.xz | *.tar.lzma | *.txz) xz -d <"$file" | tar xf - --mode=+w --warning=no-timestamp ;;
    *.tar.zst | *.tzst) zstd -d <"$file" | tar xf - --mode=+w --warning=no-timestamp ;;
    *.tar | *.tar.* | *.tgz | *.tbz2 | *.tbz | *.crate) tar xf "$file" --mode=+w --warning=no-timestamp ;;
    *) return 1 ;;
  esac
}
unpackCmdHooks+=(_defaultUnpack)

unpackPhase() {
  runHook preUnpack
  local __list=() __entry
  concatTo __list srcs
  if [[ ${#__list[@]} == 0 ]]; then
    if [[ -z ${src-} ]]; then
      echo 'variable $src or $srcs should point to the source'
      exit 1
    fi
    __list=("$src")
  fi
  local -A __known=()
  for __entry in *; do
    if [[ -d $__entry ]]; then __known[$__entry]=1; fi
  done
  for __entry in "${__list[@]}"; do unpackFile "$__entry"; done

  : "${sourceRoot=}"
  if [[ -n ${setSourceRoot-} ]]; then
    runOneHook setSourceRoot
  elif [[ -z $sourceRoot ]]; then
    for __entry in *; do
      if [[ -d $__entry && -z ${__known[$__entry]-} ]]; then
        if [[ -n $sourceRoot ]]; then
          echo "unpacker produced multiple directories"
          exit 1
        fi
        sourceRoot=$__entry
      fi
    done
  fi
  if [[ -z $sourceRoot ]]; then
    echo "unpacker appears to have produced no directories"
    exit 1
  fi
  echo "source root is $sourceRoot"
  if [[ ${dontMakeSourcesWritable:-0} != 1 ]]; then
    if [[ ! -e $sourceRoot ]]; then
      echo "source root $sourceRoot does not exist"
      exit 1
    fi
    chmod -R u+w -- "$sourceRoot"
  fi
  runHook postUnpack
}

patchPhase() {
  runHook prePatch
  local __list=() __flags=() __one
  concatTo __list patches
  concatTo __flags patchFlags=-p1
  for __one in "${__list[@]}"; do
    echo "applying patch $__one"
    case $__one in
      *.gz) gzip -d <"$__one" | patch "${__flags[@]}" ;;
      *.xz) xz -d <"$__one" | patch "${__flags[@]}" ;;
      *) patch "${__flags[@]}" <"$__one" ;;
    esac
  done
  runHook postPatch
}

configurePhase() {
  runHook preConfigure
  : "${configureScript=}"
  if [[ -z $configureScript && -x ./configure ]]; then configureScript=./configure; fi
  if [[ -n $configureScript ]]; then
    local __flags=()
    if [[ -z ${dontAddPrefix-} && -n $prefix ]]; then __flags+=("${prefixKey:---prefix=}$prefix"); fi
    if [[ -z ${dontAddDisableDepTrack-} && -f $configureScript ]] && grep -q dependency-tracking "$configureScript"; then __flags+=(--disable-dependency-tracking); fi
    if [[ -z ${dontDisableStatic-} && -f $configureScript ]] && grep -q enable-static "$configureScript"; then __flags+=(--disable-static); fi
    if [[ -n ${outputBin-} && $outputBin != out && -z ${setOutputFlags+x} ]]; then __flags+=("--bindir=${!outputBin}/bin"); fi
    if [[ -n ${outputDev-} && $outputDev != out && -z ${setOutputFlags+x} ]]; then __flags+=("--includedir=${!outputDev}/include"); fi
    if [[ -n ${outputLib-} && $outputLib != out && -z ${setOutputFlags+x} ]]; then __flags+=("--libdir=${!outputLib}/lib"); fi
    concatTo __flags configureFlags configureFlagsArray
    echoCmd 'configure flags' "${__flags[@]}"
    $configureScript "${__flags[@]}"
  else
    echo "no configure script, doing nothing"
  fi
  runHook postConfigure
}

_makefile() { [[ -n ${makefile-} || -e Makefile || -e makefile || -e GNUmakefile ]]; }
_makeFlags() {
  __flags=(${enableParallelBuilding:+-j$NIX_BUILD_CORES} "SHELL=$SHELL")
  concatTo __flags makeFlags makeFlagsArray "$@"
}

buildPhase() {
  runHook preBuild
  if [[ -z ${makeFlags-} ]] && ! _makefile; then
    echo "no Makefile or custom buildPhase, doing nothing"
  else
    foundMakefile=1
    local __flags
    _makeFlags buildFlags buildFlagsArray
    echoCmd 'build flags' "${__flags[@]}"
    make ${makefile:+-f $makefile} "${__flags[@]}"
  fi
  runHook postBuild
}

checkPhase() {
  runHook preCheck
  if ! _makefile; then
    echo "no Makefile or custom checkPhase, doing nothing"
  else
    if [[ -z ${checkTarget-} ]]; then
      local __target
      for __target in check test; do
        if make -n ${makefile:+-f $makefile} "$__target" >/dev/null 2>&1; then
          checkTarget=$__target
          break
        fi
      done
    fi
    if [[ -z ${checkTarget-} ]]; then
      echo "no check/test target in ${makefile:-Makefile}, doing nothing"
    else
      local __flags
      _makeFlags checkFlags=VERBOSE=y checkFlagsArray checkTarget
      echoCmd 'check flags' "${__flags[@]}"
      make ${makefile:+-f $makefile} "${__flags[@]}"
    fi
  fi
  runHook postCheck
}

installPhase() {
  runHook preInstall
  if ! _makefile; then
    echo "no Makefile or custom installPhase, doing nothing"
    runHook postInstall
    return
  fi
  if [[ -n $prefix ]]; then mkdir -p "$prefix"; fi
  local __flags
  _makeFlags installFlags installFlagsArray installTargets=install
  echoCmd 'install flags' "${__flags[@]}"
  make ${makefile:+-f $makefile} "${__flags[@]}"
  runHook postInstall
}

installCheckPhase() {
  runHook preInstallCheck
  if ! _makefile; then
    echo "no Makefile or custom installCheckPhase, doing nothing"
  elif [[ -z ${installCheckTarget-} ]] && ! make -n ${makefile:+-f $makefile} "${installCheckTarget:-installcheck}" >/dev/null 2>&1; then
    echo "no installcheck target in ${makefile:-Makefile}, doing nothing"
  else
    local __flags
    _makeFlags installCheckFlags installCheckFlagsArray installCheckTarget=installcheck
    echoCmd 'installcheck flags' "${__flags[@]}"
    make ${makefile:+-f $makefile} "${__flags[@]}"
  fi
  runHook postInstallCheck
}

distPhase() {
  runHook preDist
  local __flags
  _makeFlags distFlags distTarget=dist
  make ${makefile:+-f $makefile} "${__flags[@]}"
  runHook postDist
}

showPhaseHeader() {
  echo "Running phase: $1"
  if [[ -n ${NIX_LOG_FD-} ]]; then printf '@nix { "action": "setPhase", "phase": "%s" }\n' "$1" >&"$NIX_LOG_FD"; fi
}
showPhaseFooter() {
  local seconds=$(($2 - $1))
  ((seconds < 30)) || echo "$3 completed in $seconds seconds"
}

runPhase() {
  local curPhase=$1
  case $curPhase in
    unpackPhase) [[ -z ${dontUnpack-} ]] || return 0 ;;
    patchPhase) [[ -z ${dontPatch-} ]] || return 0 ;;
    configurePhase) [[ -z ${dontConfigure-} ]] || return 0 ;;
    buildPhase) [[ -z ${dontBuild-} ]] || return 0 ;;
    checkPhase) [[ -n ${doCheck-} ]] || return 0 ;;
    installPhase) [[ -z ${dontInstall-} ]] || return 0 ;;
    fixupPhase) [[ -z ${dontFixup-} ]] || return 0 ;;
    installCheckPhase) [[ -n ${doInstallCheck-} ]] || return 0 ;;
    distPhase) [[ -n ${doDist-} ]] || return 0 ;;
  esac
  showPhaseHeader "$curPhase"
  local __start=$SECONDS
  # An attribute of the derivation replaces the function of that name.
  if [[ -n ${!curPhase-} ]]; then
    if declare -F "${!curPhase}" &>/dev/null; then "${!curPhase}"; else eval "${!curPhase}"; fi
  else
    "$curPhase"
  fi
  showPhaseFooter "$__start" "$SECONDS" "$curPhase"
  if [[ $curPhase == unpackPhase ]]; then
    [[ -n $sourceRoot ]] && chmod +x -- "$sourceRoot"
    cd -- "$sourceRoot"
  fi
}

definePhases() {
  if [[ -z ${phases-} ]]; then
    phases="${prePhases[*]-} unpackPhase patchPhase ${preConfigurePhases[*]-} configurePhase ${preBuildPhases[*]-} buildPhase checkPhase
      ${preInstallPhases[*]-} installPhase ${preFixupPhases[*]-} fixupPhase installCheckPhase ${preDistPhases[*]-} distPhase ${postPhases[*]-}"
  fi
}

genericBuild() {
  # Variables that a builder leaves unset are empty.
  set +u
  if [[ -n ${buildCommandPath-} && -f ${buildCommandPath-} ]]; then
    source "$buildCommandPath"
    return
  fi
  if [[ -n ${buildCommand-} ]]; then
    eval "$buildCommand"
    return
  fi
  definePhases
  local __list=() curPhase
  concatTo __list phases
  for curPhase in "${__list[@]}"; do runPhase "$curPhase"; done
}
