# A stand-in for cargo-nextest: `cargo nextest run` runs `cargo test` with the same arguments, fails where no test ran, and writes the JUnit
# report that the profile of .config/nextest.toml asks for. No test has a process or a time limit of its own.
set -euo pipefail

[[ ${1-} == nextest ]] && shift
case ${1-} in
  --version | -V) echo "cargo-nextest 0.9.0"; exit 0 ;;
  run | r) shift ;;
  *) echo "error: this stand-in for cargo-nextest knows \`run\` and \`--version\`, not \`${1-}\`" >&2; exit 2 ;;
esac

profile=default
arguments=()
while (($# > 0)); do
  case $1 in
    --profile | -P) profile=$2; shift 2 ;;
    --profile=*) profile=${1#*=}; shift ;;
    --cargo-profile) arguments+=(--profile "$2"); shift 2 ;;
    --cargo-profile=*) arguments+=(--profile "${1#*=}"); shift ;;
    --partition) shift 2 ;;
    --partition=*) shift ;;
    *) arguments+=("$1"); shift ;;
  esac
done

config=.config/nextest.toml
table() { # the lines of one table
  [[ ! -e $config ]] || sed -n "/^[[:space:]]*\[$1\][[:space:]]*\$/,/^[[:space:]]*\[/p" "$config" | sed '1d'
}
if [[ $profile != default && -z $(grep -sE "^[[:space:]]*\[profile\.$profile(\.|\])" "$config" || true) ]]; then
  echo "error: profile \`$profile\` not found (known profiles are in $config)" >&2
  exit 96
fi
report=$(table "profile\.$profile\.junit" | sed -nE 's/^[[:space:]]*path[[:space:]]*=[[:space:]]*"([^"]*)".*/\1/p' | head -n 1)

output=$(mktemp)
status=0
cargo test --no-fail-fast "${arguments[@]}" 2>&1 | tee "$output" || status=$?
passed=$(grep -cE '^test .* \.\.\. ok$' "$output" || true)
failed=$(grep -cE '^test .* \.\.\. FAILED$' "$output" || true)
echo "     Summary $((passed + failed)) tests run: $passed passed, $failed failed"

if [[ -n $report ]]; then
  target=${CARGO_TARGET_DIR:-target}/nextest/$profile
  mkdir -p "$(dirname "$target/$report")"
  {
    echo '<?xml version="1.0" encoding="UTF-8"?>'
    echo "<testsuites name=\"nextest-run\" tests=\"$((passed + failed))\" failures=\"$failed\" errors=\"0\">"
    echo "  <testsuite name=\"tests\" tests=\"$((passed + failed))\" failures=\"$failed\">"
    sed -nE \
      -e 's/&/\&amp;/g; s/</\&lt;/g; s/"/\&quot;/g' \
      -e 's|^test (.*) \.\.\. ok$|    <testcase name="\1"/>|p' \
      -e 's|^test (.*) \.\.\. FAILED$|    <testcase name="\1"><failure/></testcase>|p' "$output"
    echo '  </testsuite>'
    echo '</testsuites>'
  } > "$target/$report"
fi

if ((status != 0)); then
  if ((failed > 0)); then exit 100; fi
  exit "$status"
fi
if ((passed + failed == 0)); then
  echo "error: no tests to run" >&2
  exit 4
fi
