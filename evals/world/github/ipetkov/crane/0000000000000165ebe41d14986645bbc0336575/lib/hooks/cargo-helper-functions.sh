# cargo ARG...: every call is shown in the log.
cargo() (
  set -x
  command cargo "$@"
)

# cargoWithProfile COMMAND ARG...: with the profile of CARGO_PROFILE, if it has one.
cargoWithProfile() {
  local profile=()
  case ${CARGO_PROFILE-} in
    '') ;;
    release) profile=(--release) ;;
    *) profile=(--profile "$CARGO_PROFILE") ;;
  esac
  cargo "$1" "${profile[@]}" "${@:2}"
}
