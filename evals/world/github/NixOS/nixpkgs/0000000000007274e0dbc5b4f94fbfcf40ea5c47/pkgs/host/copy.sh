# The outputs' paths are in variables of their names ($bash, $file, $lib, ...), which this script must not reuse.
#
# Copies the C library, the compiler's run-time libraries and the tools of $programs (NAME:program,program,...) from /host/root into the outputs.
PATH=/host/root/usr/bin
export LC_ALL=C
host=/host/root/usr
libs=$(dirname "$host"/lib/*/libc.so.6)
loader_file=$(basename "$libs"/ld-linux*.so.*)
loader=$glibc/lib/$loader_file

# The C library. Its loader looks for libraries in the store alone, as nixpkgs' does: neither a machine's cache nor its folders may help out
# a program that was linked without a library path. The replacements have the originals' lengths.
mkdir -p "$glibc/lib" "$gcclib/lib" "$lib/lib"
for source in "$libs"/{"$loader_file",lib{c,m,mvec,dl,pthread,rt,util,resolv,anl,thread_db,c_malloc_debug,BrokenLocale,nss_compat,nss_dns,nss_files}.so*}; do
  case $source in
    *.so) continue ;;
  esac
  if [ -e "$source" ]; then cp -L "$source" "$glibc/lib/"; fi
done
chmod u+w "$loader"
sed -i -e 's|/etc/ld\.so\.cache|/nix/no/ld-cache|g' \
  -e 's|/usr/lib/\([a-z0-9_]*-linux-gnu[a-z0-9]*\)/|/nix/no_/\1/|g' -e 's|/lib/\([a-z0-9_]*-linux-gnu[a-z0-9]*\)/|/no_/\1/|g' \
  -e 's|\x00/usr/lib/\x00|\x00/nix/no_/\x00|g' -e 's|\x00/lib/\x00|\x00/no_/\x00|g' "$loader"

for name in libgcc_s.so.1 libstdc++.so.6 libatomic.so.1 libgomp.so.1; do cp -L "$libs/$name" "$gcclib/lib/"; done
ln -s libstdc++.so.6 "$gcclib/lib/libstdc++.so"
ln -s libatomic.so.1 "$gcclib/lib/libatomic.so"
ln -s libgomp.so.1 "$gcclib/lib/libgomp.so"
patchelf --set-rpath "$gcclib/lib:$glibc/lib" "$gcclib"/lib/*.so.*

# The programs. Copied in one go for each package, since a process for each file would take most of the time. A program that patchelf cannot
# change is, on the host, a script around its loader; it gets one of ours.
elf=()
for entry in $programs; do
  name=${entry%%:*}
  place=${!name}
  mkdir -p "$place/bin"
  IFS=, read -r -a list <<<"${entry#*:}"
  plain=()
  for program in "${list[@]}"; do
    if [ -e "$host/bin/.$program-whole" ]; then
      mkdir -p "$place/libexec"
      cp -L "$host/bin/.$program-whole" "$place/libexec/$program"
      printf '#!%s\nexec %s --library-path %s --argv0 "$0" %s "$@"\n' "$bash/bin/bash" "$loader" "$lib/lib:$glibc/lib" "$place/libexec/$program" >"$place/bin/$program"
      chmod 755 "$place/bin/$program"
    else
      plain+=("$host/bin/$program")
    fi
  done
  if [ ${#plain[@]} != 0 ]; then cp -P -t "$place/bin" "${plain[@]}"; fi
  for copy in "${plain[@]}"; do
    copy=$place/bin/${copy##*/}
    if [ -L "$copy" ]; then
      [ -e "$copy" ] || { rm "$copy"; cp -L "$host/bin/${copy##*/}" "$copy"; }
      [ -L "$copy" ] && continue
    fi
    IFS= read -r -n 2 magic <"$copy" || true
    if [ "$magic" = "#!" ]; then sed -i -e "1s|^#! *[^ ]*sh|#!$bash/bin/bash|" -e "s|^exec \\(grep\\|gzip\\) |exec $place/bin/\\1 |" "$copy"; else elf+=("$copy"); fi
  done
done
ln -s bash "$bash/bin/sh"
[ -e "$gawk/bin/awk" ] || ln -s gawk "$gawk/bin/awk"

# Their libraries, and those libraries' own.
for program in "${elf[@]}" "$gawk"/libexec/*; do
  if [ -e "$program" ]; then "$libs/$loader_file" --library-path "$libs" --list "$program"; fi
done |
  sed -n "s|.*=> \($libs/[^ ]*\) .*|\1|p" | sort -u | while IFS= read -r source; do
  if [ ! -e "$glibc/lib/${source##*/}" ] && [ ! -e "$gcclib/lib/${source##*/}" ]; then cp -L "$source" "$lib/lib/"; fi
done
chmod u+w "$lib"/lib/*
patchelf --set-rpath "$lib/lib:$glibc/lib" "$lib"/lib/*
patchelf --set-interpreter "$loader" --set-rpath "$lib/lib:$gcclib/lib:$glibc/lib" "${elf[@]}"

# libmagic finds its table by an absolute name.
mkdir -p "$file/share/misc"
cp "$host"/lib/file/magic.mgc "$file/share/misc/magic.mgc"
mv "$file/bin/file" "$file/bin/.file"
printf '#!%s\nexport MAGIC=${MAGIC-%s}\nexec %s "$@"\n' "$bash/bin/bash" "$file/share/misc/magic.mgc" "$file/bin/.file" >"$file/bin/file"
chmod 755 "$file/bin/file"
