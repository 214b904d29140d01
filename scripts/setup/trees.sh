# The trees: unpacked packages whose programs are told where their loader and libraries are.
# shellcheck shell=sh

# run_tool PROGRAM ARG...: a program of tools/ before bin/ exists, through its own loader.
run_tool() {
  run_tree=$1 run_program=$2
  shift 2
  "$run_tree/$loader" --library-path "$run_tree/usr/lib/$triple" "$run_tree/usr/bin/$run_program" "$@"
}

make_tools() {
  open_apt || return 1
  begin "Nix and bubblewrap"
  make_tree tools "$here/packages/tools.txt" || return 1
  into_place tools "$want_tools" || return 1
  done_with "$part_what"
}

# make_tree PART LIST: downloads and unpacks into $work/PART; sets $part_what for the message.
make_tree() {
  closure_of "$2" >"$work/names" || return 1
  # shellcheck disable=SC2046
  fetch_packages "$work/debs-$1" $(cat "$work/names") || return 1
  part_what="$(wc -l <"$work/names" | tr -d ' ') packages, $(du -sm "$work/debs-$1" | cut -f1) MB"
  unpack "$work/debs-$1" "$work/$1" || { say "a package could not be unpacked; is the disk full?"; return 1; }
  rm -rf "$work/debs-$1"
}

# A server that starts on this machine; it finds the rest of its tree by where it lies itself.
make_postgresql() {
  open_apt || return 1
  begin "PostgreSQL for the tests"
  make_tree postgresql "$here/packages/postgresql.txt" || return 1
  for program in "$work"/postgresql/usr/lib/postgresql/*/bin/initdb "$work"/postgresql/usr/lib/postgresql/*/bin/postgres; do
    run_tool "$prefix/tools" patchelf --set-interpreter "$prefix/postgresql/$loader" --force-rpath \
      --set-rpath "$prefix/postgresql/usr/lib/$triple" "$program" || return 1
  done
  into_place postgresql "$want_slow" || return 1
  done_with "$part_what"
}

# A browser that starts on this machine. Its libraries name further ones by a path of their own, so no library path in the program serves them all.
make_chromium() {
  open_apt || return 1
  begin "Chromium for the test of the report"
  make_tree chromium "$here/packages/chromium.txt" || return 1
  for program in chromium chrome_crashpad_handler; do
    run_tool "$prefix/tools" patchelf --set-interpreter "$prefix/chromium/$loader" "$work/chromium/usr/lib/chromium/$program" || return 1
  done
  cat >"$work/chromium/chromium" <<'EOF' || return 1
#!/bin/sh
# Starts the browser with the libraries and fonts of its own tree.
tree=$(cd "$(dirname "$0")" && pwd -P)
for folder in "$tree"/usr/lib/*-linux-gnu; do libraries=$folder:$folder/pulseaudio; done
export LD_LIBRARY_PATH="$libraries" FONTCONFIG_SYSROOT="$tree"
exec "$tree/usr/lib/chromium/chromium" "$@"
EOF
  chmod 755 "$work/chromium/chromium" || return 1
  into_place chromium "$want_slow" || return 1
  done_with "$part_what"
}

make_root() {
  open_apt || return 1
  begin "compilers and tools of the offline world"
  make_tree root "$here/packages/root.txt" || return 1
  link_alternatives "$work/root"
  mkdir -p "$work/root/etc/ssl/certs" &&
    cat "$work/root"/usr/share/ca-certificates/mozilla/*.crt >"$work/root/etc/ssl/certs/ca-certificates.crt" || return 1
  settle_tree "$work/root" /host/root/usr "/host/root/$loader" "/host/root/usr/lib/$triple" || return 1
  into_place root "$want_root" || return 1
  done_with "$part_what"
}

# The names that Debian's maintainer scripts would have made.
link_alternatives() {
  for pair in awk:gawk sh:bash which:which.debianutils c++:g++ cc:gcc c89:c89-gcc c99:c99-gcc; do
    if [ ! -e "$1/usr/bin/${pair%%:*}" ] && [ -e "$1/usr/bin/${pair##*:}" ]; then ln -s "${pair##*:}" "$1/usr/bin/${pair%%:*}"; fi
  done
}

# settle_tree TREE USR LOADER LIBRARIES: TREE/usr will be seen as USR. Programs get that loader and a forced library path (DT_RPATH also
# serves the libraries that they load), scripts get their interpreters, and absolute links become relative ones.
settle_tree() {
  find "$1" -type f -perm -0100 -printf '%i\t%p\n' | sort -u -k1,1 | cut -f2- >"$work/programs"
  tr '\n' '\0' <"$work/programs" | xargs -0 -r grep -l -a -m1 "^$(printf '\177')ELF" >"$work/elf" || true
  # shellcheck disable=SC2016
  tr '\n' '\0' <"$work/elf" | TOOLS=$prefix/tools START=$prefix/tools/$loader LIBS=$prefix/tools/usr/lib/$triple \
    TREE=$1 USR=$2 TREE_LIBS=$1/usr/lib/$triple:$prefix/root/usr/lib/$triple NEW_LOADER=$3 NEW_RPATH=$4 xargs -0 -r -n 40 -P "$(nproc)" sh -c '
      patchelf() { "$START" --library-path "$LIBS" "$TOOLS/usr/bin/patchelf" "$@"; }
      for f; do
        case $f in *.so | *.so.*) continue ;; esac
        # Static programs and shared objects have no interpreter: they stay as they are.
        patchelf --print-interpreter "$f" >/dev/null 2>&1 || continue
        cp "$f" "$f.whole~" || exit 255
        patchelf --set-interpreter "$NEW_LOADER" --force-rpath --set-rpath "$NEW_RPATH" "$f" || exit 255
        # patchelf 0.18 breaks some programs that are not position independent (its issue 446; cc1 is one): those are left whole and
        # started through the loader by a script.
        if "$START" --library-path "$TREE_LIBS" --list "$f" >/dev/null 2>&1; then
          rm "$f.whole~"
        else
          name=${f##*/}
          mv "$f.whole~" "${f%/*}/.$name-whole"
          inside=${f#"$TREE"/usr/}
          rm "$f"
          printf "#!/bin/sh\nexec %s --library-path %s %s \"\$@\"\n" "$NEW_LOADER" "$NEW_RPATH" "$USR/${inside%/*}/.$name-whole" >"$f"
          chmod 755 "$f" || exit 255
        fi
      done' sh || { say "patchelf failed below ${1##*/}"; return 1; }
  tr '\n' '\0' <"$work/programs" | xargs -0 -r grep -l -a -m1 '^#! */\(usr/\)\{0,1\}bin/\(bash\|perl\|python\|env\|awk\)' >"$work/scripts" || true
  tr '\n' '\0' <"$work/scripts" | xargs -0 -r sed -i -e "1s|^#! */usr/bin/|#!$2/bin/|" -e "1s|^#! */bin/|#!$2/bin/|" || return 1
  find "$1" -type l -lname '/*' | while IFS= read -r link; do
    target=$(readlink "$link")
    if [ -e "$1$target" ]; then ln -sfnr "$1$target" "$link"; else rm -f "$link"; fi
  done
}

# settle_libraries TREE LIBRARIES: shared libraries that programs of other trees load. A program's RUNPATH, or a library's own, does not serve
# what the library needs in turn; DT_RPATH does, all the way down.
settle_libraries() {
  [ -d "$1/usr/lib/$triple" ] || return 0
  # The loader loads itself before it could follow a path: patchelf breaks it.
  find "$1/usr/lib/$triple" -maxdepth 1 -type f -name '*.so*' ! -name 'ld-linux*' ! -name 'ld.so*' | while IFS= read -r library; do
    # Linker scripts have such names too.
    [ "$(dd if="$library" bs=1 skip=1 count=3 2>/dev/null)" = ELF ] || continue
    run_tool "$prefix/tools" patchelf --force-rpath --set-rpath "$2" "$library" || exit 1
  done
}

# Programs made elsewhere (rustup's) ask for /lib64/ld-linux-... and find their libraries in that loader's own folders.
make_runtime() {
  mkdir -p "$work/runtime/lib" "$work/runtime/loader"
  cp -L "$prefix/root/$loader" "$work/runtime/loader/" || return 1
  for library in libc.so.6 libm.so.6 libgcc_s.so.1 libz.so.1 libdl.so.2 libpthread.so.0 librt.so.1 libutil.so.1; do
    cp -L "$prefix/root/usr/lib/$triple/$library" "$work/runtime/lib/" || return 1
  done
  into_place runtime "$want_root"
}

make_dev() {
  packages_of "$here/packages/dev.txt" >"$work/dev-list"
  while IFS= read -r line; do
    part_is "dev/${line%%:*}" "$(dev_stamp "$line")" || printf '%s\n' "$line"
  done <"$work/dev-list" >"$work/dev-wanted"
  if [ -s "$work/dev-wanted" ]; then
    open_apt || return 1
    begin "libraries of the offline world"
    mkdir -p "$work/dev"
    # shellcheck disable=SC2046
    fetch_packages "$work/debs-dev" $(sed 's/^[^:]*://' "$work/dev-wanted") || return 1
    while IFS= read -r line; do make_library "$line" || return 1; done <"$work/dev-wanted"
    done_with "$(cut -d: -f1 "$work/dev-wanted" | tr '\n' ' ' | sed 's/ $//')"
  fi
  # A library that left the list leaves the world.
  for dev_tree in "$prefix/dev"/*; do
    [ -d "$dev_tree" ] || continue
    grep -q "^${dev_tree##*/}:" "$work/dev-list" || rm -rf "$dev_tree"
  done
}

dev_stamp() { printf '%s' "$prefix_format $deb_arch ${1#*:}"; }

make_library() {
  dev_name=${1%%:*}
  rm -rf "$work/debs-one"
  mkdir "$work/debs-one"
  for dev_package in ${1#*:}; do ln "$work/debs-dev/${dev_package}"_*.deb "$work/debs-one/" || return 1; done
  unpack "$work/debs-one" "$work/dev/$dev_name" || return 1
  dev_libraries=/host/dev/$dev_name/usr/lib/$triple:/host/root/usr/lib/$triple
  settle_tree "$work/dev/$dev_name" "/host/dev/$dev_name/usr" "/host/root/$loader" "$dev_libraries" || return 1
  settle_libraries "$work/dev/$dev_name" "$dev_libraries" || return 1
  into_place "dev/$dev_name" "$(dev_stamp "$1")"
}

# Copies that start on this machine as they are, whatever its own C library.
make_bin() {
  begin "programs that start on this machine"
  mkdir -p "$work/bin"
  for program in nix bwrap patchelf mount; do
    cp -L "$prefix/tools/usr/bin/$program" "$work/bin/$program" || return 1
    run_tool "$prefix/tools" patchelf --set-interpreter "$prefix/tools/$loader" --force-rpath --set-rpath "$prefix/tools/usr/lib/$triple" \
      "$work/bin/$program" || return 1
  done
  for link in nix-build nix-channel nix-collect-garbage nix-copy-closure nix-daemon nix-env nix-hash nix-instantiate nix-prefetch-url nix-shell nix-store; do
    ln -s nix "$work/bin/$link"
  done
  into_place bin "$want_bin" || return 1
  done_with "$("$prefix/bin/nix" --version)"
}
