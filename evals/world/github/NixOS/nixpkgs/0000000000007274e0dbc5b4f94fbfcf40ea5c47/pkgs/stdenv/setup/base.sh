# The environment of every build: sourced by the builder, by `nix develop`, and by builders that say `source $stdenv/setup`. The parts of this
# file are joined in the order of stdenv/default.nix.
__setup_options=$-
set -e -o pipefail
# A pattern that matches nothing is nothing.
shopt -s nullglob

: "${outputs:=out}"
export NIX_BUILD_CORES=${NIX_BUILD_CORES:-1}
if ((NIX_BUILD_CORES <= 0)); then
  NIX_BUILD_CORES=1
  [[ -r /proc/cpuinfo ]] && NIX_BUILD_CORES=$(grep -c '^processor' /proc/cpuinfo || echo 1)
fi
export TZ=UTC
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800}
export NIX_STORE=${NIX_STORE:-/nix/store}
export CONFIG_SHELL=${CONFIG_SHELL:-$SHELL}
: "${prefix:=${out-}}"

# With __structuredAttrs the attributes come in a file, and arrays are arrays.
if [[ -n ${NIX_ATTRS_SH_FILE-} && -r ${NIX_ATTRS_SH_FILE-} ]]; then
  source "$NIX_ATTRS_SH_FILE"
  __structured=1
  for __name in "${!outputs[@]}"; do export "$__name=${outputs[$__name]}"; done
  if declare -p env &>/dev/null; then
    for __name in "${!env[@]}"; do export "$__name=${env[$__name]}"; done
  fi
  : "${prefix:=${out-}}"
fi

getAllOutputNames() {
  if [[ -n ${__structured-} ]]; then echo "${!outputs[*]}"; else echo "$outputs"; fi
}

# What went wrong on the way out is for the hooks to say.
exitHandler() {
  local code=$?
  set +e
  if ((code != 0)); then runHook failureHook; else runHook exitHook; fi
  exit "$code"
}

echoCmd() {
  printf '%s:' "$1"
  shift
  printf ' %q' "$@"
  echo
}

nixErrorLog() { printf 'ERROR: %s\n' "$*" >&2; }
nixWarnLog() { printf 'WARNING: %s\n' "$*" >&2; }
nixNoticeLog() { printf '%s\n' "$*" >&2; }
nixInfoLog() { [[ ${NIX_DEBUG:-0} -lt 3 ]] || printf 'INFO: %s\n' "$*" >&2; }
nixDebugLog() { [[ ${NIX_DEBUG:-0} -lt 6 ]] || printf 'DEBUG: %s\n' "$*" >&2; }
nixLog() { nixNoticeLog "$@"; }
nixLogWithLevel() { nixNoticeLog "${@:2}"; }
noBrokenSymlinks() { :; }

# ---- hooks: functions or code in the array NAMEs, then in the variable or function NAME

# Locals have names that no derivation uses, since the code of a hook sees them.
_eval() {
  if declare -F "$1" &>/dev/null; then "$@"; else eval "$1"; fi
}

_callImplicitHook() {
  if declare -F "$2" &>/dev/null; then "$2"
  elif [[ -f ${!2-} ]]; then source "${!2}"
  elif [[ -n ${!2-} ]]; then eval "${!2}"
  else return "$1"; fi
}

_hooksOf() {
  __hooks=()
  if declare -p "${1%Hook}Hooks" &>/dev/null; then
    local -n __named=${1%Hook}Hooks
    __hooks=("${__named[@]}")
  fi
}

runHook() {
  local __hook __hooks
  _hooksOf "$1"
  _callImplicitHook 0 "$1"
  for __hook in "${__hooks[@]}"; do _eval "$__hook" "${@:2}"; done
}

# Runs hooks until one succeeds.
runOneHook() {
  local __hook __hooks
  _hooksOf "$1"
  for __hook in "${__hooks[@]}"; do
    if _eval "$__hook" "${@:2}"; then return 0; fi
  done
  _callImplicitHook 1 "$1"
}

# ---- variables that hold lists

addToSearchPathWithCustomDelimiter() {
  if [[ -d $3 ]]; then export "$2=${!2:+${!2}$1}$3"; fi
}
addToSearchPath() { addToSearchPathWithCustomDelimiter : "$@"; }

_isArray() { [[ $(declare -p "$1" 2>/dev/null) =~ ^"declare -"[^\ ]*a ]]; }
prependToVar() {
  local -n __variable=$1
  if _isArray "$1"; then __variable=("${@:2}" "${__variable[@]}"); else __variable="${*:2}${__variable:+ $__variable}"; fi
}
appendToVar() {
  local -n __variable=$1
  if _isArray "$1"; then __variable+=("${@:2}"); else __variable="${__variable:+$__variable }${*:2}"; fi
}

# concatTo ARRAY NAME...: the words of each variable, or the elements of each array. NAME=DEFAULT gives one for an empty variable.
concatTo() {
  local -n __target=$1
  local __arg __name __words
  for __arg in "${@:2}"; do
    __name=${__arg%%=*}
    local -n __source=$__name
    if _isArray "$__name"; then
      __words=("${__source[@]}")
    else
      # Words by blanks and newlines, and no globbing.
      IFS=$' \t\n' read -r -d '' -a __words <<<"${__source-} " || true
    fi
    if [[ ${#__words[@]} == 0 && $__arg == *=* ]]; then read -r -a __words <<<"${__arg#*=}"; fi
    __target+=("${__words[@]}")
    unset -n __source
  done
}

concatStringsSep() {
  local __joined=() __item __text=
  concatTo __joined "$2"
  for __item in "${__joined[@]}"; do __text+=$1$__item; done
  printf '%s' "${__text#"$1"}"
}

# ---- files

isELF() {
  local magic
  LANG=C IFS= read -r -n 4 magic <"$1" || true
  [[ $magic == $'\177ELF' ]]
}
isScript() {
  local magic
  LANG=C IFS= read -r -n 2 magic <"$1" || true
  [[ $magic == '#!' ]]
}
isMachO() { return 1; }

stripHash() {
  local name
  name=${1##*/}
  if [[ $name =~ ^[a-z0-9]{32}-(.*)$ ]]; then echo "${BASH_REMATCH[1]}"; else echo "$name"; fi
}
