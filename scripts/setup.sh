#!/bin/sh
# Everything a fresh clone needs before it can run: npm packages, and (on Debian and its relatives) a private Nix with the
# compilers that the offline world is made of. Nothing outside this folder is changed, root is not needed, and a second run
# finds nothing missing in a fraction of a second. See CONTRIBUTING.md, "Set-up".
set -eu
umask 022
LC_ALL=C
export LC_ALL

usage() {
  cat <<'EOF'
usage: sh scripts/setup.sh [--test | --slow-test] [--only npm|prefix]

  --test          also what only the tests need (today: nothing more)
  --slow-test     also what only the slow tests need: a PostgreSQL server in .prefix/postgresql (50 MB to fetch, 150 MB unpacked)
                  and a Chromium in .prefix/chromium (190 MB, 570 MB)
  --only PART     only the npm packages, or only the private prefix (.prefix/)
EOF
}

only=all
with_slow=no
while [ $# -gt 0 ]; do
  case $1 in
    --test) ;;
    --slow-test) with_slow=yes ;;
    --only)
      [ $# -ge 2 ] || { echo "setup: --only needs npm or prefix" >&2; exit 2; }
      only=$2
      shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "setup: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
case $only in all | npm | prefix) ;; *) echo "setup: --only takes npm or prefix, not '$only'" >&2; exit 2 ;; esac

root=$(cd "$(dirname "$0")/.." && pwd -P)
here=$root/scripts/setup
prefix=$root/.prefix

# shellcheck source=scripts/setup/say.sh
. "$here/say.sh"
# shellcheck source=scripts/setup/lock.sh
. "$here/lock.sh"
# shellcheck source=scripts/setup/npm.sh
. "$here/npm.sh"
# shellcheck source=scripts/setup/prefix.sh
. "$here/prefix.sh"

# What is linked belongs to another clone: made anew through the link, its programs would name this place, and fail there.
own() {
  if [ -L "$root/$1" ]; then
    say "$1 is a link to $(readlink "$root/$1"), which is left as it is; run the set-up of the clone that it belongs to"
    return 1
  fi
}

if [ "$only" != prefix ] && own node_modules; then npm_part; fi
if [ "$only" != npm ] && own .prefix; then
  prefix_part
  if [ "$with_slow" = yes ]; then slow_parts; fi
fi
finish
