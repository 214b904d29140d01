# Output and time. Every line starts with "setup:"; a run that finds nothing missing prints nothing.
# shellcheck shell=sh

# Seconds since the epoch, with a fraction where date knows one (GNU); BSD's date prints a literal N.
now() {
  case $(date +%N) in
    *N*) date +%s ;;
    *) date +%s.%N ;;
  esac
}

say() { printf 'setup: %s\n' "$*" >&2; }

# begin WHAT ... done_with: one line before, one with the time after.
begin() {
  part_name=$1
  part_start=$(now)
  did_something=1
  say "$1 ..."
}

done_with() {
  say "$part_name: ${1:-done} ($(awk -v a="$part_start" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'))"
}

# What could not be had is collected and repeated at the end, where it is seen.
missing=
cannot() {
  missing="$missing
$1"
}

did_something=0
finish() {
  if [ -n "$missing" ]; then
    printf '%s\n' "$missing" | sed -e 1d -e 's/^/setup: /' >&2
  elif [ "$did_something" = 1 ]; then
    say "ready"
  fi
}

# hash_of FILE...: one sha256 over names and contents. macOS has shasum instead of sha256sum.
hash_stdin() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum | cut -d' ' -f1; else shasum -a 256 | cut -d' ' -f1; fi
}
