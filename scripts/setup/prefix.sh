# The private prefix .prefix/: a Nix of this century, bubblewrap, and the trees that the offline world is made of, unpacked from
# Debian packages. Each part is built beside its place and renamed into it with its stamp inside, so that an interrupted run leaves
# either a whole part or none, and a changed list makes only its own part again.
#
#   .prefix/tools/       runs on this machine: nix, bwrap, patchelf and their libraries
#   .prefix/bin/         starts them (interpreter and library path point into tools/)
#   .prefix/root/        what builds see as /host/root: compilers, coreutils, ...
#   .prefix/runtime/     the C library at the places where programs made elsewhere (rustup's) look for it
#   .prefix/dev/NAME/    one library each, /host/dev/NAME
#   .prefix/rust         link to the Rust toolchain, /host/rust
#   .prefix/host.json    written last: what the program reads
#   .prefix/postgresql/  a PostgreSQL server, with --slow-test only: the program never looks for it
#   .prefix/chromium/    a browser, with --slow-test only
# shellcheck shell=sh

# shellcheck source=scripts/setup/debian.sh
. "$here/debian.sh"
# shellcheck source=scripts/setup/trees.sh
. "$here/trees.sh"
# shellcheck source=scripts/setup/rust.sh
. "$here/rust.sh"
# shellcheck source=scripts/setup/node.sh
. "$here/node.sh"
# shellcheck source=scripts/setup/go.sh
. "$here/go.sh"
# shellcheck source=scripts/setup/host-json.sh
. "$here/host-json.sh"

# Raise when the way parts are made changes; every part is then made again.
prefix_format=3
debian_suite=trixie

prefix_part() {
  if ! is_debian_like; then
    no_debian_message
    return 0
  fi
  read_wishes
  if prefix_ready; then return 0; fi
  if ! debian_can; then return 0; fi
  take_lock
  read_wishes
  if prefix_ready; then return 0; fi

  # A name of its own: what a killed run left behind may still write into its folder for a moment.
  work=$prefix/new.$$
  rm -rf "$prefix"/new.* 2>/dev/null || true
  mkdir -p "$prefix/dev" "$work"
  rm -f "$prefix/host.json"
  apt_root=
  if ! make_parts; then
    rm -rf "$work"
    cannot "The private Nix and the offline world could not be set up (the message is above). Everything that needs no Nix works;
run the same command again once the cause is mended."
    return 0
  fi
  rm -rf "$work"
}

# What only the slow tests need: big, and of no use to the program. Without it they are left out, and all the rest works.
slow_parts() {
  slow_part postgresql make_postgresql "PostgreSQL for the tests of the evals' queue"
  slow_part chromium make_chromium "Chromium for the test of the evals' report"
}

# NAME COMMAND WORDS: makes .prefix/NAME from packages/NAME.txt.
slow_part() {
  # Where the rest could not be had it has been said why.
  if ! is_debian_like || ! prefix_ready; then return 0; fi
  want_slow="$want_tools $(packages_of "$here/packages/$1.txt" | cksum) $prefix"
  if part_is "$1" "$want_slow"; then return 0; fi
  take_lock
  if part_is "$1" "$want_slow"; then return 0; fi
  work=$prefix/new.$$
  rm -rf "$prefix"/new.* 2>/dev/null || true
  mkdir -p "$work"
  apt_root=
  "$2" || cannot "$3 could not be had (the message is above); what needs it is left out."
  rm -rf "$work"
}

# Called in a condition, where the shell's -e is off: each step says itself when it failed.
make_parts() {
  part_is tools "$want_tools" || make_tools || return 1
  part_is root "$want_root" || make_root || return 1
  part_is runtime "$want_root" || make_runtime || return 1
  make_dev || return 1
  rust_is_ready || make_rust || return 1
  part_is bin "$want_bin" || make_bin || return 1
  make_host_json
}

# What the stamps should say. Computed once a run, with few processes: this is the quick path's whole cost.
read_wishes() {
  find_machine
  want_tools="$prefix_format $deb_arch $(packages_of "$here/packages/tools.txt" | cksum)"
  want_root="$prefix_format $deb_arch $(packages_of "$here/packages/root.txt" | cksum)"
  want_rust="$prefix_format $deb_arch $(packages_of "$here/packages/rust.txt" | cksum)"
  want_bin="$want_tools $prefix"
  find_rust
  find_node
  find_go
  want_host="$want_bin $want_root $(packages_of "$here/packages/dev.txt" | cksum) $rust_folder $rust_mark $node_mark $go_mark $(command -v git || true) $(command -v nix || true)"
}

# A list without its comments and empty lines.
packages_of() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1"; }

part_is() {
  [ -f "$prefix/$1/.stamp" ] && IFS= read -r part_have <"$prefix/$1/.stamp" && [ "$part_have" = "$2" ]
}

# host.json's own stamp covers the rest: it is removed before any part is touched and written after the last.
prefix_ready() {
  [ -f "$prefix/host.json" ] && [ -f "$prefix/.stamp" ] && IFS= read -r prefix_have <"$prefix/.stamp" &&
    [ "$prefix_have" = "$want_host" ] && [ -x "$rust_folder/bin/rustc" ]
}

# into_place PART STAMP: the new tree takes the old one's place.
into_place() {
  printf '%s\n' "$2" >"$work/$1/.stamp" || return 1
  rm -rf "$work/old"
  if [ -e "$prefix/$1" ]; then mv "$prefix/$1" "$work/old" || return 1; fi
  mv "$work/$1" "$prefix/$1" || return 1
  rm -rf "$work/old"
}
