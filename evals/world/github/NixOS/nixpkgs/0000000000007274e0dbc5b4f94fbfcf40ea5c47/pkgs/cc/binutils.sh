# Links to the host's binutils, with a wrapper in the linker's place.
host=/host/root/usr/bin
mkdir -p "$out/bin" "$out/nix-support"
for tool in addr2line ar as c++filt elfedit nm objcopy objdump ranlib readelf size strings strip; do ln -s "$host/$tool" "$out/bin/$tool"; done

loader=$(echo "$glibc"/lib/ld-linux*.so.*)
text=$(cat "$wrapper")
text=${text//@shell@/"$bash/bin/bash"}
text=${text//@loader@/"$loader"}
text=${text//@glibc@/"$glibc"}
text=${text//@gcclib@/"$gcclib"}
printf '%s\n' "${text//@ld@/"$host/ld.bfd"}" >"$out/bin/ld"
chmod 755 "$out/bin/ld"
ln -s ld "$out/bin/ld.bfd"

cp "$hook" "$out/nix-support/setup-hook"
printf '%s\n' "$loader" >"$out/nix-support/dynamic-linker"
