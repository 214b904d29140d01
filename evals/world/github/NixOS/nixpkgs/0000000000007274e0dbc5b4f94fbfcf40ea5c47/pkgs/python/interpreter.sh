# Makes the interpreter in $out: sourced by its build phase.
source=/host/dev/python/usr
if [ ! -d "$source/lib/python3.13" ]; then
  echo "the host has no Python (/host/dev/python)" >&2
  exit 1
fi
triple=$(basename "$(dirname /host/root/usr/lib/*/libc.so.6)")
mkdir -p "$out/bin" "$out/lib/host"

# Without what only tests, editors and Debian's own packaging use.
cp -r --no-preserve=mode "$source/lib/python3.13" "$out/lib/python3.13"
rm -rf "$out"/lib/python3.13/{EXTERNALLY-MANAGED,sitecustomize.py,test,idlelib,lib2to3} "$out"/lib/python3.13/lib-dynload/{_test,_xxtest,xx}*
find "$out/lib/python3.13" -name __pycache__ -prune -exec rm -rf {} +

# Debian's interpreter installs below local/lib, in dist-packages: here the place is Python's own. Packages are found by PYTHONPATH and by the
# lines that wrapPythonPrograms writes; the interpreter's own site-packages stays empty (its module site is frozen and looks for Debian's).
sed -i -e "s|'DEB_PYTHON_INSTALL_LAYOUT', 'posix_local'|'DEB_PYTHON_INSTALL_LAYOUT', 'posix_prefix'|" \
  -e "s|prefix_scheme = 'posix_local'|prefix_scheme = 'posix_prefix'|" "$out/lib/python3.13/sysconfig/__init__.py"
# Debian's setuptools wants this module of Debian's; its place is Python's own too.
sed -i -e 's|name = "posix_local"|name = "posix_prefix"|' "$out/lib/python3.13/_distutils_system_mod.py"

# Libraries that its modules load, each with its own.
cp -L "$source/lib/$triple"/libpython3.13.so.1.0 "$out/lib/"
ln -s libpython3.13.so.1.0 "$out/lib/libpython3.13.so"
chmod u+w "$out"/lib/*.so.*
loader=$(echo "$glibc"/lib/ld-linux*.so.*)
for module in "$out"/lib/libpython3.13.so.1.0 "$out"/lib/python3.13/lib-dynload/*.so; do
  "$loader" --library-path "$source/lib/$triple:$gcclib/lib:$glibc/lib:/host/root/usr/lib/$triple" --list "$module"
done | sed -n "s|.*=> \(/host/[^ ]*\) .*|\1|p" | sort -u | while IFS= read -r needed; do
  cp -L --no-preserve=mode "$needed" "$out/lib/host/"
done
patchelf --set-rpath "$out/lib/host:$gcclib/lib:$glibc/lib" "$out/lib/libpython3.13.so.1.0" "$out"/lib/python3.13/lib-dynload/*.so "$out"/lib/host/*
# A module without its library, which the host may leave out, would fail at its import in words of the loader.
for module in "$out"/lib/python3.13/lib-dynload/*.so; do
  if "$loader" --list "$module" | grep -q 'not found'; then rm "$module"; fi
done

# The program itself is the call that python's own has.
printf 'int Py_BytesMain(int, char **);\nint main(int argc, char **argv) { return Py_BytesMain(argc, argv); }\n' >main.c
$CC -O1 -o "$out/bin/python3.13" main.c -L"$out/lib" -lpython3.13 -Wl,-rpath,"$out/lib" -Wl,--allow-shlib-undefined
for name in python3 python; do ln -s python3.13 "$out/bin/$name"; done
printf '#!%s\nexec %s -m pydoc "$@"\n' "$SHELL" "$out/bin/python3.13" >"$out/bin/pydoc3"
chmod +x "$out/bin/pydoc3"
"$out/bin/python3.13" -m compileall -q --invalidation-mode unchecked-hash "$out/lib/python3.13"
