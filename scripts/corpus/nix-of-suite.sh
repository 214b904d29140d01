#!/bin/sh
# Unpacks the Nix of a Debian suite into a folder of its own, so that the corpus can be recorded with an older and a newer one than the
# prefix's: sh scripts/corpus/nix-of-suite.sh SUITE FOLDER (bookworm has 2.8, trixie 2.26, sid the newest). Nothing is installed.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 SUITE FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")/../setup" && pwd)
mkdir -p "$2"
prefix=$(cd "$2" && pwd)
# shellcheck source=scripts/setup/say.sh
. "$here/say.sh"
# shellcheck source=scripts/setup/debian.sh
. "$here/debian.sh"
# shellcheck source=scripts/setup/trees.sh
. "$here/trees.sh"
# Read by the files above.
# shellcheck disable=SC2034
debian_suite=$1 apt_root=
# As in prefix.sh.
packages_of() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1"; }
find_machine
work=$prefix/new.$$
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
# A mirror's Release file of sid may be days old.
private_apt() { apt-get -c "$apt_root/apt.conf" -o Acquire::Check-Valid-Until=false "$@"; }
open_apt
grep -v '^#' "$here/packages/tools.txt" | grep -vx -e bubblewrap -e mount >"$work/list"
make_tree tools "$work/list"
rm -rf "$prefix/tools" "$prefix/bin"
mv "$work/tools" "$prefix/tools"
mkdir "$prefix/bin"
cp -L "$prefix/tools/usr/bin/nix" "$prefix/bin/nix"
libraries=$prefix/tools/usr/lib/$triple:$prefix/tools/usr/lib/nix
run_tool "$prefix/tools" patchelf --set-interpreter "$prefix/tools/$loader" --force-rpath --set-rpath "$libraries" "$prefix/bin/nix"
# Old ones keep Nix's own libraries apart, with a search path that leads to the machine's.
find "$prefix/tools/usr/lib/nix" -name '*.so*' -type f 2>/dev/null | while IFS= read -r library; do
  run_tool "$prefix/tools" patchelf --force-rpath --set-rpath "$libraries" "$library"
done
for link in nix-build nix-store nix-instantiate nix-daemon nix-shell nix-hash; do ln -s nix "$prefix/bin/$link"; done
"$prefix/bin/nix" --version
