# The C interface of clang, for programs that read headers (bindgen). With LLVM it is too large to be copied: its library is a link to the host's
# tree, and works in builds and shells.
{ lib, stdenvNoCC }:
stdenvNoCC.mkDerivation {
  pname = "clang";
  version = "19.1.7";
  outputs = [ "out" "lib" ];
  dontUnpack = true;
  installPhase = ''
    tree=/host/dev/libclang/usr/lib
    if ! compgen -G "$tree/*/libclang-*.so.*" >/dev/null; then
      echo "the host has no libclang (/host/dev/libclang)" >&2
      exit 1
    fi
    mkdir -p $out $lib/lib
    for library in "$tree"/*/libclang-*.so.*; do ln -s "$(readlink -f "$library")" "$lib/lib/''${library##*/}"; done
    ln -s "$(readlink -f "$library")" $lib/lib/libclang.so
    # Its own headers (stddef.h and the like), which it looks for beside itself.
    ln -s "$tree"/llvm-*/lib/clang $lib/lib/clang
  '';
  meta = { description = "C language family frontend for LLVM (its library alone)"; license = [ lib.licenses.asl20 lib.licenses.ncsa ]; platforms = lib.platforms.all; };
}
