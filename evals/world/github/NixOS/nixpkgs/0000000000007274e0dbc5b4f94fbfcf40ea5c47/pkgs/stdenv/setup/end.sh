# ---- ready

# Sources carry the time of the newest file, so that nothing depends on when they were unpacked.
_sourceDateEpoch() {
  [[ -d ${sourceRoot-} ]] || return 0
  local newest
  newest=$(find "$sourceRoot" -type f -printf '%T@\n' | sort -n | tail -n1)
  newest=${newest%%.*}
  if [[ -n $newest && $newest -gt $SOURCE_DATE_EPOCH ]]; then export SOURCE_DATE_EPOCH=$newest; fi
}
postUnpackHooks+=(_sourceDateEpoch)

unset __first __name
runHook addInputsHook
runHook postHook
[[ $__setup_options == *e* ]] || set +e
[[ -n ${IN_NIX_SHELL-} ]] || trap exitHandler EXIT
