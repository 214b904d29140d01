# The host's Node.js with its npm, copied into the store, so that what runs on it runs where nothing but the store exists. Which version the host has
# cannot be known while evaluating, so `version` says "host"; one that is asked for by its number builds where it is the host's.
{ lib, runCommandLocal, runtimeShell, patchelf, glibc, libgcc, major ? null }:
(runCommandLocal "nodejs-${if major == null then "host" else "${major}-host"}"
{
  nativeBuildInputs = [ patchelf ];
  inherit major;
  pname = "nodejs";
  version = if major == null then "host" else "${major}.0.0-host";
  meta = {
    description = "Event-driven I/O framework for the V8 JavaScript engine";
    mainProgram = "node";
    license = lib.licenses.mit;
    platforms = lib.platforms.all;
  };
} ''
  if [ ! -e /host/node/bin/node ] || [ ! -e /host/node/npm/bin/npm-cli.js ]; then
    echo "this machine lends the world no Node.js: it has none, or one without npm; install both, then run the set-up again" >&2
    exit 1
  fi
  mkdir -p $out/bin $out/lib/node_modules
  cp -L /host/node/bin/node $out/bin/node
  chmod u+w $out/bin/node
  loader=$(cd ${glibc}/lib && echo ld-linux*.so.*)
  # One after the other: in one go patchelf 0.18 lays out so large a program wrongly.
  patchelf --set-rpath ${libgcc}/lib:${glibc}/lib $out/bin/node
  patchelf --set-interpreter ${glibc}/lib/$loader $out/bin/node
  have=$($out/bin/node -p process.versions.node)
  if [ -n "$major" ] && [ "''${have%%.*}" != "$major" ]; then
    echo "Node.js here is one version, that of this machine ($have); nodejs_$major evaluates only. Use nodejs." >&2
    exit 1
  fi
  cp -rL /host/node/npm $out/lib/node_modules/npm
  chmod -R u+w $out/lib/node_modules/npm
  for program in npm npx; do
    sed -i "1s|^#!.*|#!$out/bin/node|" $out/lib/node_modules/npm/bin/$program-cli.js
    chmod +x $out/lib/node_modules/npm/bin/$program-cli.js
    ln -s ../lib/node_modules/npm/bin/$program-cli.js $out/bin/$program
  done
'')
