# .prefix/host.json (schema crq-host/1), the contract with the program. Written last and in one step.
# shellcheck shell=sh

make_host_json() {
  host_git=$(command -v git || true)
  case $host_git in /*) host_git=$(json_string "$host_git") ;; *) host_git=null ;; esac
  rust_version=$(version_word "$(in_runtime "$prefix/rust/bin/rustc" --version)")
  cargo_version=$(version_word "$(in_runtime "$prefix/rust/bin/cargo" --version)")
  [ -n "$rust_version" ] || { say "the Rust toolchain in $rust_folder does not start"; return 1; }
  ask_node
  ask_go
  nix_private=$("$prefix/bin/nix" --version | sed -n 's/^nix (Nix.*) \([0-9][0-9.]*\).*/\1/p')
  [ -n "$nix_private" ] || { say "the unpacked Nix does not start"; return 1; }
  system_nix=null
  nix_have=$(nix_version)
  if [ -n "$nix_have" ] && version_at_least "$nix_have" 2.19; then
    system_nix="{ \"bin\": $(json_string "$(dirname "$(command -v nix)")"), \"version\": \"$nix_have\" }"
  fi
  fingerprint=$({
    cat "$prefix/root/.packages" "$prefix/tools/.packages"
    for dev_tree in "$prefix/dev"/*; do cat "$dev_tree/.packages"; done
    printf '%s\n' "$rust_version" "$cargo_version" ${node_version:+"node $node_version" "npm $npm_version"} ${go_version:+"go $go_version"}
    in_runtime "$prefix/rust/bin/rustc" -vV
  } | hash_stdin)
  cat >"$work/host.json" <<EOF || return 1
{
  "schema": "crq-host/1",
  "system": "$system",
  "nix": { "bin": $(json_string "$prefix/bin"), "version": "$nix_private", "private": true },
  "systemNix": $system_nix,
  "bwrap": $(json_string "$prefix/bin/bwrap"),
  "mount": $(json_string "$prefix/bin/mount"),
  "shell": $(json_string "$prefix/root/usr/bin/bash-static"),
  "git": $host_git,
  "sandboxPaths": {
    "/bin/sh": $(json_string "$prefix/root/usr/bin/bash-static"),
    "/host/root": $(json_string "$prefix/root"),
    "/host/dev": $(json_string "$prefix/dev"),
    "/host/rust": $(json_string "$rust_folder"),
$(node_places)
$(go_places)
$(loader_entry),
    "/lib/$triple": $(json_string "$prefix/runtime/lib")
  },
  "toolchain": {
    "rustc": "$rust_version",
    "cargo": "$cargo_version",
$(node_versions)
$(go_versions)
    "gcc": "$(package_version "$prefix/root" "gcc-14")",
    "binutils": "$(package_version "$prefix/root" binutils)",
    "glibc": "$(package_version "$prefix/root" libc6)",
    "pkgconf": "$(package_version "$prefix/root" pkgconf)",
    "bash": "$(package_version "$prefix/root" bash)",
    "coreutils": "$(package_version "$prefix/root" coreutils)"
  },
  "libraries": {
$(library_entries)
  },
  "fingerprint": "sha256:$fingerprint"
}
EOF
  printf '%s\n' "$want_host" >"$work/.stamp" || return 1
  mv "$work/.stamp" "$prefix/.stamp" && mv "$work/host.json" "$prefix/host.json"
}

# Nix binds a folder at /lib64, where that folder is of its own; on aarch64 the loader lies in /lib itself, and a file is bound.
loader_entry() {
  case $system in
    x86_64-linux) printf '    "/lib64": %s' "$(json_string "$prefix/runtime/loader")" ;;
    *) printf '    "/%s": %s' "${loader#usr/}" "$(json_string "$prefix/runtime/loader/${loader##*/}")" ;;
  esac
}

library_entries() {
  for dev_tree in "$prefix/dev"/*; do
    dev_name=${dev_tree##*/}
    dev_version=$(sed -n '1,$s/^[^_]*-dev_\(.*\)$/\1/p' "$dev_tree/.packages" | head -n 1 | upstream_version)
    # A tree of several packages is known by the first that the list names for it.
    [ -n "$dev_version" ] || dev_version=$(package_version "$dev_tree" "$(sed -n "s/^$dev_name: *\([^ ]*\).*/\1/p" "$here/packages/dev.txt")")
    printf '    "%s": "%s"\n' "$dev_name" "$dev_version"
  done | sed '$!s/$/,/'
}

# A toolchain of this machine runs with its own C library; Debian's, unpacked, starts through the prefix's loader.
in_runtime() {
  runtime_program=$1
  shift
  case $rust_folder in
    "$prefix"/*) "$prefix/root/$loader" --library-path "$rust_folder/lib/$triple:$prefix/root/usr/lib/$triple" "$runtime_program" "$@" ;;
    *) "$runtime_program" "$@" ;;
  esac
}

# The version in "rustc 1.95.0 (59807616e 2026-04-14)".
version_word() { printf '%s\n' "$1" | sed -n '1s/^[^ ]* \([0-9][^ ]*\).*/\1/p'; }

# package_version TREE NAME: upstream's part of NAME's version.
package_version() { sed -n "s/^$2_//p" "$1/.packages" | head -n 1 | upstream_version; }

# Debian's version without epoch, revision and repacking mark.
upstream_version() { sed -e 's/_[^_]*$//' -e 's/^[0-9]*://' -e 's/-[^-]*$//' -e 's/.*[+~.]really//' -e 's/[+~.]\(dfsg\|ds\).*//'; }

json_string() { printf '"%s"' "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')"; }
