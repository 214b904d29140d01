# Copies a package of the host into $out: sourced by its build phase.
source=/host/dev/python/usr
target=$out/lib/python3.13/site-packages
mkdir -p "$target"
# Read, since a pattern that stood in the loop would be looked for here.
read -r -a patterns <<<"$paths"
for path in "${patterns[@]}"; do
  found=("$source"/lib/python3/dist-packages/$path)
  if [ ! -e "${found[0]-}" ]; then
    echo "the host has no Python package $pname ($source/lib/python3/dist-packages/$path)" >&2
    exit 1
  fi
  cp -r --no-preserve=mode "${found[@]}" "$target/"
done
find "$target" -name __pycache__ -prune -exec rm -rf {} +
find "$target" -name '*.so' -exec patchelf --set-rpath "$gcclib/lib:$glibc/lib" {} +
for program in $programs; do
  mkdir -p "$out/bin"
  sed -e '1s|^#!.*|#!'"$(command -v python3.13)"'|' "$source/bin/$program" >"$out/bin/$program"
  chmod +x "$out/bin/$program"
done
python3.13 -m compileall -q --invalidation-mode unchecked-hash "$target"
