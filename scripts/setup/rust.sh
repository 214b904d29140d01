# The Rust toolchain: this machine's own where it has a folder of its own (rustup's proxies need their user's home, so the real folder is
# resolved), else Debian's, unpacked. A toolchain in /usr is no folder of its own: it would show a build the whole machine.
# shellcheck shell=sh

# Sets $rust_folder and $rust_mark, which changes when the toolchain does.
find_rust() {
  rust_folder=
  if command -v rustc >/dev/null 2>&1 && command -v cargo >/dev/null 2>&1; then
    # From /, so that no rust-toolchain.toml of a project decides.
    rust_folder=$(cd / && rustc --print sysroot 2>/dev/null || true)
    case $rust_folder in
      "" | / | /usr | /usr/local | /nix/store/*) rust_folder= ;;
      *) [ -x "$rust_folder/bin/rustc" ] && [ -x "$rust_folder/bin/cargo" ] || rust_folder= ;;
    esac
  fi
  if [ -n "$rust_folder" ]; then
    rust_mark=$(stat -L -c '%Y.%s' "$rust_folder/bin/rustc" "$rust_folder/bin/cargo" | tr '\n' ' ')
  else
    rust_folder=$prefix/rust-debian/usr
    rust_mark=$want_rust
  fi
}

rust_is_ready() {
  [ "$(readlink "$prefix/rust" 2>/dev/null)" = "$rust_folder" ] || return 1
  case $rust_folder in
    "$prefix"/*) part_is rust-debian "$want_rust" ;;
    *) return 0 ;;
  esac
}

make_rust() {
  case $rust_folder in
    "$prefix"/*)
      if ! part_is rust-debian "$want_rust"; then
        open_apt || return 1
        begin "Rust of $debian_suite (this machine has none in a folder of its own)"
        make_tree rust-debian "$here/packages/rust.txt" || return 1
        settle_tree "$work/rust-debian" /host/rust "/host/rust/${loader#usr/}" "/host/rust/lib/$triple" || return 1
        settle_libraries "$work/rust-debian" "/host/rust/lib/$triple" || return 1
        into_place rust-debian "$want_rust" || return 1
        done_with "$part_what"
      fi ;;
    *) say "Rust: $rust_folder" ;;
  esac
  rm -f "$work/rust"
  ln -s "$rust_folder" "$work/rust" && mv -T "$work/rust" "$prefix/rust"
}
