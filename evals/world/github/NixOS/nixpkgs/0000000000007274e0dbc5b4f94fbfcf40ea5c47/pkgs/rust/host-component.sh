# Lays $component of the Rust release $release for $target into $out, out of the host's toolchain. Programs are scripts, so that what a shell finds
# on its PATH comes from the store; libraries are links.
host=/host/rust

read -r _ have _ < <("$host/bin/rustc" --version)
if [ "$release" != host ] && [ "$release" != "$have" ]; then
  echo "error: the Rust of this world is the host's, $have: '$component' of $release cannot be had here. A toolchain of $have, or the latest stable one, builds." >&2
  exit 1
fi

missing() {
  if [ -n "$optional" ]; then exit 0; fi
  echo "error: the host's Rust $have, which is the Rust of this world, comes without $1 (component '$component'${2:+, $2})" >&2
  exit 1
}

program() {
  [ -e "$host/bin/$1" ] || missing "$1"
  mkdir -p "$out/bin"
  printf '#!%s\nexec -a "$0" %s/bin/%s "$@"\n' "$shell" "$host" "$1" >"$out/bin/$1"
  chmod +x "$out/bin/$1"
}

# The compiler looks for the standard library below the folder that it is in: a toolchain without one has none.
compiler() {
  program "$1"
  cat >"$out/bin/$1" <<END
#!$shell
sysroot=$out
for argument; do
  case \$argument in --sysroot | --sysroot=*) exec -a "\$0" $host/bin/$1 "\$@" ;; esac
done
exec -a "\$0" $host/bin/$1 --sysroot "\$sysroot" "\$@"
END
}

# link FOLDER FILE...: those files of the host's folder.
link() {
  local folder=$1 file
  shift
  mkdir -p "$out/$folder"
  for file; do
    if [ -e "$file" ]; then ln -s "$file" "$out/$folder/"; fi
  done
}

# What is only read, and only named in variables or shown: a host without it gets a folder that says so.
readable() {
  if [ -e "$host/$1" ]; then
    mkdir -p "$out/$(dirname "$1")"
    ln -s "$host/$1" "$out/$1"
  else
    mkdir -p "$out/$1"
    echo "The Rust toolchain of the host comes without the component '$component'." >"$out/$1/NOT-HERE"
  fi
}

standard_library() {
  compgen -G "$host/lib/rustlib/$target/lib/libstd-*" >/dev/null || compgen -G "$host/lib/rustlib/$target/lib/libcore-*" >/dev/null ||
    missing "a standard library for $target" "rustup target add $target"
  link "lib/rustlib/$target/lib" "$host/lib/rustlib/$target/lib"/*
}

install_component() {
  case $1 in
    rustc)
      compiler rustc
      compiler rustdoc
      link lib "$host"/lib/*.so*
      # A tool of its own there is what llvm-tools brings.
      link "lib/rustlib/$target/bin" "$host/lib/rustlib/$target/bin"/{rust-lld,rust-objcopy,gcc-ld,wasm-component-ld}
      ;;
    rust-std) standard_library ;;
    cargo) program cargo ;;
    clippy*) program cargo-clippy && program clippy-driver ;;
    rustfmt*) program rustfmt && program cargo-fmt ;;
    rust-analyzer*) program rust-analyzer ;;
    miri*) program miri && program cargo-miri ;;
    llvm-tools*)
      [ -e "$host/lib/rustlib/$target/bin/llvm-profdata" ] || missing llvm-profdata "rustup component add llvm-tools"
      link "lib/rustlib/$target/bin" "$host/lib/rustlib/$target/bin"/llvm-*
      ;;
    rust-src) readable lib/rustlib/src/rust/library ;;
    rust-docs | rustc-docs) readable share/doc/rust/html ;;
    rust-analysis) readable "lib/rustlib/$target/analysis" ;;
    # All in one, as releases were packed before profiles.
    rust) for part in rustc rust-std cargo clippy rustfmt rust-docs; do install_component "$part"; done ;;
    *) missing it ;;
  esac
}
mkdir -p "$out"
install_component "$component"
