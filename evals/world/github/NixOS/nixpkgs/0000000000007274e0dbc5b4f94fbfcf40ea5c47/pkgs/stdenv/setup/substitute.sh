# ---- replacing text in files

substituteStream() {
  local -n __text=$1
  local __about=$2 __pattern __replacement __mode
  shift 2
  while (($#)); do
    __mode=$1
    case $__mode in
      --replace | --replace-fail | --replace-warn | --replace-quiet)
        __pattern=$2 __replacement=$3
        shift 3
        ;;
      --subst-var)
        if [[ ! $2 =~ ^[a-zA-Z_][a-zA-Z0-9_]*$ ]]; then
          echo "substituteStream(): ERROR: substitution variables must be valid Bash names, \"$2\" isn't." >&2
          return 1
        fi
        if [[ -z ${!2+set} ]]; then
          echo "substituteStream(): ERROR: variable \$$2 is unset" >&2
          return 1
        fi
        __pattern=@$2@ __replacement=${!2}
        shift 2
        ;;
      --subst-var-by)
        __pattern=@$2@ __replacement=$3
        shift 3
        ;;
      *)
        echo "substituteStream(): ERROR: Invalid command line argument: $1" >&2
        return 1
        ;;
    esac
    if [[ $__text != *"$__pattern"* ]]; then
      case $__mode in
        --replace-fail)
          printf 'substituteStream() in derivation %s: ERROR: pattern %q doesn'"'"'t match anything in %s\n' "$name" "$__pattern" "$__about" >&2
          return 1
          ;;
        --replace | --replace-warn)
          [[ $__mode == --replace-warn ]] || echo "substituteStream() in derivation $name: WARNING: '--replace' is deprecated, use --replace-{fail,warn,quiet}. ($__about)" >&2
          printf 'substituteStream() in derivation %s: WARNING: pattern %q doesn'"'"'t match anything in %s\n' "$name" "$__pattern" "$__about" >&2
          ;;
      esac
    fi
    # Quoted, so that & stands for itself.
    __text=${__text//"$__pattern"/"$__replacement"}
  done
  printf '%s' "$__text"
}

substitute() {
  local __input=$1 __output=$2 __contents
  if [[ ! -f $__input ]]; then
    echo "substitute(): ERROR: file '$__input' does not exist" >&2
    return 1
  fi
  # A trailing newline survives because of the added character.
  __contents=$(cat "$__input"; printf x)
  __contents=${__contents%x}
  __contents=$(substituteStream __contents "file '$__input'" "${@:3}" && printf x) || return 1
  if [[ $__output == - ]]; then printf '%s' "${__contents%x}"; return; fi
  if [[ -e $__output ]]; then chmod +w "$__output"; fi
  printf '%s' "${__contents%x}" >"$__output"
}

substituteInPlace() {
  local files=() file
  while (($#)) && [[ $1 != --* ]]; do
    files+=("$1")
    shift
  done
  for file in "${files[@]}"; do substitute "$file" "$file" "$@"; done
}

_allFlags() {
  local name
  for name in $(compgen -e | sort); do
    [[ $name =~ ^[a-z][a-zA-Z0-9_]*$ ]] && args+=(--subst-var "$name")
  done
}
substituteAll() {
  local input=$1 output=$2 args=()
  _allFlags
  substitute "$input" "$output" "${args[@]}"
}
substituteAllInPlace() {
  local file
  for file; do substituteAll "$file" "$file"; done
}
