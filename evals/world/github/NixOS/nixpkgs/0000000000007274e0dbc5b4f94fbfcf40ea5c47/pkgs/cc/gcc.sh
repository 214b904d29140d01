# Wrappers around the host's gcc.
host=/host/root/usr/bin
mkdir -p "$out/bin" "$out/nix-support"
text=$(cat "$wrapper")
text=${text//@shell@/"$bash/bin/bash"}
text=${text//@bintools@/"$bintools"}
for pair in gcc:cc:c g++:c++:c++ cpp::cpp; do
  IFS=: read -r name alias language <<<"$pair"
  one=${text//@program@/"$host/$name"}
  printf '%s\n' "${one//@language@/"$language"}" >"$out/bin/$name"
  chmod 755 "$out/bin/$name"
  [ -z "$alias" ] || ln -s "$name" "$out/bin/$alias"
done
for tool in gcc-ar gcc-nm gcc-ranlib gcov; do ln -s "$host/$tool" "$out/bin/$tool"; done
cp "$hook" "$out/nix-support/setup-hook"
printf '%s\n' "$bintools" >"$out/nix-support/propagated-build-inputs"
ln -s "$bintools/nix-support/dynamic-linker" "$out/nix-support/dynamic-linker"
