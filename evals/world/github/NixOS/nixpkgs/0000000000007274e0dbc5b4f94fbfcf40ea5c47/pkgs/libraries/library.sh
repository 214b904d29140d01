# Copies a library from /host/dev/$tree: what is linked against into the library output, headers and .pc files into the development output,
# programs into the program output.
set -eu -o pipefail
source=/host/dev/$tree/usr
if [ ! -d "$source" ]; then
  echo "the host has no library '$tree' (/host/dev/$tree)" >&2
  exit 1
fi
libOut=${lib:-$out}
devOut=${dev:-$out}
binOut=${bin:-$out}
triple=$(basename "$(dirname /host/root/usr/lib/*/libc.so.6)")
loader=$(echo "$glibc"/lib/ld-linux*.so.*)
for place in $outputs; do mkdir -p "${!place}"; done

# Shared libraries only, as in nixpkgs. A tool may have none.
if [ -d "$source/lib/$triple" ]; then
  mkdir -p "$libOut/lib"
  find "$source/lib/$triple" -maxdepth 1 \( -name '*.so' -o -name '*.so.*' \) -exec cp -P -t "$libOut/lib" {} +
  chmod u+w "$libOut"/lib/*
fi
if [ -n "$programs" ]; then
  mkdir -p "$binOut/bin"
  for program in $programs; do
    if [ -e "$source/bin/$program" ]; then cp -L "$source/bin/$program" "$binOut/bin/"; else cp -L "/host/root/usr/bin/$program" "$binOut/bin/"; fi
  done
  chmod u+w "$binOut"/bin/*
fi
if [ -n "${tools-}" ]; then
  mkdir -p "$binOut/bin"
  ln -s "$tools"/bin/* "$binOut/bin/"
fi

# Libraries that these need and no input has come along, in a folder that nobody links against.
elf=()
while IFS= read -r -d '' file; do
  IFS= read -r -n 4 magic <"$file" || true
  if [ "$magic" = $'\177ELF' ]; then elf+=("$file"); fi
done < <(find "$libOut" "$binOut" -path '*/lib/*' -type f -print0 -o -path '*/bin/*' -type f -print0 | sort -zu)
for file in "${elf[@]}"; do
  "$loader" --library-path "$libOut/lib:$libraryPath:$gcclib/lib:$glibc/lib:/host/root/usr/lib/$triple" --list "$file"
done | sed -n "s|.*=> \(/host/root/usr/lib/$triple/[^ ]*\) .*|\1|p" | sort -u | while IFS= read -r needed; do
  mkdir -p "$libOut/lib/host"
  cp -L "$needed" "$libOut/lib/host/"
done
path=$libOut/lib:${libraryPath:+$libraryPath:}$gcclib/lib:$glibc/lib
if [ -d "$libOut/lib/host" ]; then
  path=$libOut/lib:$libOut/lib/host:${libraryPath:+$libraryPath:}$gcclib/lib:$glibc/lib
  chmod u+w "$libOut"/lib/host/*
  elf+=("$libOut"/lib/host/*)
fi
patchelf --set-rpath "$path" "${elf[@]}"
patchelf --shrink-rpath "${elf[@]}"
for file in "${elf[@]}"; do
  case $file in
    *.so | *.so.*) ;;
    *) patchelf --set-interpreter "$loader" "$file" ;;
  esac
done

if [ -d "$source/include" ]; then
  cp -rL --no-preserve=mode "$source/include" "$devOut/include"
  if [ -d "$devOut/include/$triple" ]; then
    cp -r "$devOut/include/$triple/." "$devOut/include/"
    rm -r "$devOut/include/$triple"
  fi
fi
for file in "$source/lib/$triple"/pkgconfig/*.pc "$source"/share/pkgconfig/*.pc; do
  [ -e "$file" ] || continue
  mkdir -p "$devOut/lib/pkgconfig"
  sed -e "s|^prefix=.*|prefix=$libOut|" -e "s|^exec_prefix=.*|exec_prefix=$libOut|" -e "s|^libdir=.*|libdir=$libOut/lib|" \
    -e "s|^includedir=.*|includedir=$devOut/include|" -e "s|/lib/$triple|/lib|g" "$file" >"$devOut/lib/pkgconfig/${file##*/}"
done
if [ -f /host/dev/$tree/etc/ssl/openssl.cnf ]; then
  mkdir -p "$out/etc/ssl"
  cp /host/dev/$tree/etc/ssl/openssl.cnf "$out/etc/ssl/"
fi

# Who builds with the development files gets the library too.
if [ "$devOut" != "$libOut" ]; then
  mkdir -p "$devOut/nix-support"
  echo "$libOut $([ "$binOut" = "$libOut" ] || echo "$binOut")" >"$devOut/nix-support/propagated-build-inputs"
fi
