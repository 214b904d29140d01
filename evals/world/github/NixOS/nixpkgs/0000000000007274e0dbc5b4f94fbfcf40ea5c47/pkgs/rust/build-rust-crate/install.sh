# What others get of a crate: in `lib` the library and what its build script said, in `out` the programs.

installCrate() {
  local file
  mkdir -p "$out" "$lib/lib"
  for file in target/lib/*.{rlib,so,a,dylib}; do
    if [[ -e $file ]]; then cp "$file" "$lib/lib/"; fi
  done
  # What the script made is in the store from now on.
  local -a moved=(sed -e "s#$OUT_DIR#$lib/lib/$crateName.out#g")
  if [[ -s target/link.inherited ]]; then "${moved[@]}" target/link.inherited | sort -u >"$lib/lib/link"; fi
  if [[ -s target/answers ]]; then "${moved[@]}" target/answers >"$lib/env"; fi
  if [[ -d $OUT_DIR && -n $(ls -A "$OUT_DIR") ]]; then cp -r "$OUT_DIR" "$lib/lib/$crateName.out"; fi
  for file in target/bin/*; do
    if [[ -f $file && -x $file ]]; then install -Dm755 "$file" "$out/bin/${file##*/}"; fi
  done
}

installTests() {
  local file
  mkdir -p "$out/tests"
  for file in target/tests/*; do
    if [[ -f $file && -x $file ]]; then install -m755 "$file" "$out/tests/"; fi
  done
}
