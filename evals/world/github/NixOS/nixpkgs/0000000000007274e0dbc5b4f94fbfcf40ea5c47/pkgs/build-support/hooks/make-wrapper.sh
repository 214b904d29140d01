# makeWrapper PROGRAM WRAPPER [what to set]: a script that sets the environment and starts the program.

assertExecutable() {
  if [[ ! -f $1 || ! -x $1 ]]; then
    echo "Builder called die: Cannot wrap '$1' because it is not an executable file"
    exit 1
  fi
}

makeShellWrapper() {
  local original=$1 wrapper=$2 flags= after= argv0= part
  shift 2
  assertExecutable "$original"
  mkdir -p "$(dirname "$wrapper")"
  {
    echo "#! @shell@ -e"
    while (($#)); do
      case $1 in
        --set) printf 'export %s=%q\n' "$2" "$3"; shift 3 ;;
        --set-default) printf 'export %s=${%s-%q}\n' "$2" "$2" "$3"; shift 3 ;;
        --unset) echo "unset $2"; shift 2 ;;
        --run) echo "$2"; shift 2 ;;
        --chdir) printf 'cd %q\n' "$2"; shift 2 ;;
        --add-flags) flags+=" $2"; shift 2 ;;
        --add-flag) printf -v part ' %q' "$2"; flags+=$part; shift 2 ;;
        --append-flags) after+=" $2"; shift 2 ;;
        --append-flag) printf -v part ' %q' "$2"; after+=$part; shift 2 ;;
        --argv0) argv0="exec -a $2"; shift 2 ;;
        --inherit-argv0) argv0='exec -a "$0"'; shift ;;
        --resolve-argv0) shift ;;
        --prefix | --suffix)
          __wrapperLines "${1#--}" "$2" "$3" "$4"
          shift 4
          ;;
        --prefix-each | --suffix-each)
          for part in $4; do part=${part%%["$3"]}; __wrapperLines "${1#--}" "$2" "$3" "$part"; done
          shift 4
          ;;
        --prefix-contents | --suffix-contents)
          for part in $4; do __wrapperLines "${1#--}" "$2" "$3" "$(cat "$part")"; done
          shift 4
          ;;
        *)
          echo "makeWrapper doesn't understand the arg $1" >&2
          exit 1
          ;;
      esac
    done
    printf '%s "%s" %s "$@"%s\n' "${argv0:-exec -a \"\$0\"}" "$original" "$flags" "$after"
  } >"$wrapper"
  chmod +x "$wrapper"
}
__wrapperLines() {
  local kind=${1%-*} part
  [[ -n $4 ]] || return 0
  local parts
  IFS=$3 read -r -a parts <<<"$4"
  if [[ $kind == prefix ]]; then
    for ((part = ${#parts[@]} - 1; part >= 0; part--)); do __wrapperPart prefix "$2" "$3" "${parts[part]}"; done
  else
    for part in "${parts[@]}"; do __wrapperPart suffix "$2" "$3" "$part"; done
  fi
  echo "export $2"
}
__wrapperPart() {
  local variable=$2 separator=$3 value=$4
  # Between separators, so that a whole entry is found; it moves to the front, or to the end.
  printf '%s=${%s:+%s${%s}%s}\n' "$variable" "$variable" "'$separator'" "$variable" "'$separator'"
  printf '%s=${%s/%s/%s}\n' "$variable" "$variable" "'$separator$value$separator'" "'$separator'"
  if [[ $1 == prefix ]]; then printf '%s=%q$%s\n' "$variable" "$value" "$variable"; else printf '%s=$%s%q\n' "$variable" "$variable" "$value"; fi
  printf '%s=${%s#%s}; %s=${%s%%%s}\n' "$variable" "$variable" "'$separator'" "$variable" "$variable" "'$separator'"
}
makeWrapper() { makeShellWrapper "$@"; }

# wrapProgram PROGRAM [what to set]: the wrapper takes the program's place.
wrapProgramShell() {
  local program=$1 hidden
  assertExecutable "$program"
  hidden=$(dirname "$program")/.$(basename "$program")-wrapped
  while [[ -e $hidden ]]; do hidden+=_; done
  mv "$program" "$hidden"
  makeShellWrapper "$hidden" "$program" --inherit-argv0 "${@:2}"
}
wrapProgram() { wrapProgramShell "$@"; }
