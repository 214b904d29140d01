# ---- the inputs: nativeBuildInputs run here, buildInputs are linked against

declare -a envBuildHooks=() envHostHooks=() envTargetHooks=()
declare -a pkgsBuildHost=() pkgsHostTarget=()

# addEnvHooks OFFSET FUNCTION: FUNCTION is called for each input of that offset (-1 runs here, 0 is linked against) once all are known.
addEnvHooks() {
  case $1 in
    -1) envBuildHooks+=("${@:2}") ;;
    0) envHostHooks+=("${@:2}") ;;
    *) envTargetHooks+=("${@:2}") ;;
  esac
}

declare -A __seenBuild=() __seenHost=()

# findInputs PACKAGE build|host: the package and what it propagates, each once, in depth-first order.
findInputs() {
  local pkg=$1 role=$2 list next
  if [[ $role == build ]]; then
    [[ -z ${__seenBuild[$pkg]-} ]] || return 0
    __seenBuild[$pkg]=1
  else
    [[ -z ${__seenHost[$pkg]-} ]] || return 0
    __seenHost[$pkg]=1
  fi
  if [[ ! -e $pkg ]]; then
    echo "build input $pkg does not exist" >&2
    exit 1
  fi
  if [[ $role == build ]]; then pkgsBuildHost+=("$pkg"); else pkgsHostTarget+=("$pkg"); fi
  if [[ -f $pkg/nix-support/propagated-build-inputs ]]; then
    read -r -d '' -a list <"$pkg/nix-support/propagated-build-inputs" || true
    for next in "${list[@]}"; do findInputs "$next" "$role"; done
  fi
  # What a linked package wants to run, runs here; what a tool wants to run was for its own build.
  if [[ $role == host && -f $pkg/nix-support/propagated-native-build-inputs ]]; then
    read -r -d '' -a list <"$pkg/nix-support/propagated-native-build-inputs" || true
    for next in "${list[@]}"; do findInputs "$next" build; done
  fi
}

__inputs=()
concatTo __inputs defaultNativeBuildInputs nativeBuildInputs depsBuildBuild depsBuildTarget propagatedNativeBuildInputs depsBuildBuildPropagated
for __pkg in "${__inputs[@]}"; do findInputs "$__pkg" build; done
__inputs=()
concatTo __inputs defaultBuildInputs buildInputs depsHostHost depsTargetTarget propagatedBuildInputs depsHostHostPropagated
for __pkg in "${__inputs[@]}"; do findInputs "$__pkg" host; done

# The path: programs of the inputs first, then what every build may use.
PATH=
HOST_PATH=
for __pkg in ${initialPath-}; do
  addToSearchPath PATH "$__pkg/bin"
  # Shells and coreutils for the scripts that a package installs.
  [[ -n ${strictDeps-} ]] || addToSearchPath HOST_PATH "$__pkg/bin"
done
__path=

activatePackage() {
  local pkg=$1 hostOffset=$2 targetOffset=$3
  if [[ -d $pkg ]]; then
    # Without strictDeps what is linked against can be run too, which is right whenever nothing is cross-compiled.
    if [[ $hostOffset == -1 || -z ${strictDeps-} ]]; then
      addToSearchPath __path "$pkg/bin"
      addToSearchPath XDG_DATA_DIRS "$pkg/share"
    fi
    if [[ $hostOffset == 0 ]]; then addToSearchPath HOST_PATH "$pkg/bin"; fi
    pkg=$pkg/nix-support/setup-hook
  fi
  if [[ -f $pkg ]]; then
    source "$pkg"
  fi
}
for __pkg in "${pkgsBuildHost[@]}"; do activatePackage "$__pkg" -1 0; done
for __pkg in "${pkgsHostTarget[@]}"; do activatePackage "$__pkg" 0 1; done

runEnvHooks() {
  local pkg hook
  local -n hooks=$1
  for pkg in "${@:2}"; do
    for hook in "${hooks[@]}"; do "$hook" "$pkg"; done
  done
}
if [[ -n ${strictDeps-} ]]; then
  runEnvHooks envBuildHooks "${pkgsBuildHost[@]}"
  runEnvHooks envHostHooks "${pkgsHostTarget[@]}"
else
  # Without it a tool and a library are found in whichever list they stand.
  for __hooks in envBuildHooks envHostHooks envTargetHooks; do
    runEnvHooks "$__hooks" "${pkgsBuildHost[@]}" "${pkgsHostTarget[@]}"
  done
fi

PATH=$__path${__path:+${PATH:+:}}$PATH
export PATH HOST_PATH XDG_DATA_DIRS
# Programs and libraries of the outputs find their own libraries.
if [[ -z ${NIX_DONT_SET_RPATH-} && -n ${out-} ]]; then
  __output=${outputLib:-}
  if [[ -z $__output ]]; then if [[ " $(getAllOutputNames) " == *" lib "* ]]; then __output=lib; else __output=out; fi; fi
  if [[ -n ${!__output-} ]]; then export NIX_LDFLAGS="-rpath ${!__output}/lib ${NIX_LDFLAGS-}"; fi
fi
unset __inputs __pkg __path __output __hooks
