# The build script: compiled for the building machine, run, and what it prints for cargo is obeyed.

runBuildScript() {
  colour "Building $1 ($libName)"
  mkdir -p "target/build/$crateName" "$OUT_DIR"
  noisily rustc --crate-name build_script_build "$1" --crate-type bin "${optimisation[@]}" $buildScriptOptions "${featureOptions[@]}" \
    --out-dir "target/build/$crateName" --emit=dep-info,link -L dependency=target/buildDeps $buildExternOptions --cap-lints allow \
    "${searchOptions[@]}" --color "$colors"
  # As in the original nothing is said besides the script's own words.
  RUST_BACKTRACE=1 "target/build/$crateName/build_script_build" | tee "target/build/$crateName.opt"
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      cargo::metadata=*) metadataAnswer "${line#cargo::metadata=}" ;;
      cargo::*=*) answer "${line#cargo::}" strict ;;
      cargo:*=*) answer "${line#cargo:}" ;;
    esac
  done <"target/build/$crateName.opt"
}

# Goes to the build scripts of the crates that use this one, under the name of the library that it links.
metadataAnswer() {
  local links=${crateLinks:-${crateName%-sys}} key=${1%%=*}
  links=${links^^} key=${key^^}
  printf 'DEP_%s_%s=%s\n' "${links//-/_}" "${key//-/_}" "${1#*=}" >>target/answers
}

# answer KEY=VALUE [strict]
answer() {
  local key=${1%%=*} value=${1#*=}
  case $key in
    rustc-link-lib) libraryOptions+=(-l "$value") ;;
    rustc-link-search)
      searchOptions+=(-L "$value")
      printf -- '-L %s\n' "$value" >>target/link.inherited
      ;;
    rustc-flags) answeredFlags $value ;;
    rustc-cfg) answeredOptions+=(--cfg "$value") ;;
    rustc-env) export "$value" ;;
    rustc-link-arg) linkArguments+=(-C "link-arg=$value") ;;
    rustc-link-arg-bins) linkArgumentsBins+=(-C "link-arg=$value") ;;
    rustc-link-arg-bin) linkArgumentsBins+=(-C "link-arg=${value#*=}") ;;
    rustc-link-arg-tests) linkArgumentsTests+=(-C "link-arg=$value") ;;
    rustc-cdylib-link-arg | rustc-link-arg-cdylib) linkArgumentsCdylib+=(-C "link-arg=$value") ;;
    rustc-check-cfg | rustc-link-arg-examples | rustc-link-arg-benches | rerun-if-changed | rerun-if-env-changed) ;;
    warning) echo "warning: $crateName@$version: $value" >&2 ;;
    error)
      echo "error: $crateName@$version: $value" >&2
      exit 1
      ;;
    *)
      if [[ -n ${2-} ]]; then
        echo "error: unsupported output in build script of \`$crateName v$version\`: \`cargo::$1\`" >&2
        exit 1
      fi
      metadataAnswer "$1"
      ;;
  esac
}

# `rustc-flags` may hold -l and -L only, joined or apart.
answeredFlags() {
  while (($#)); do
    case $1 in
      -l | -L)
        answer "rustc-link-$([[ $1 == -l ]] && echo lib || echo search)=${2-}"
        shift
        ;;
      -l*) answer "rustc-link-lib=${1#-l}" ;;
      -L*) answer "rustc-link-search=${1#-L}" ;;
    esac
    shift
  done
}
