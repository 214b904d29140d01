# Fills npm's cache with what a package-lock.json names. A script over the host's Node.js; the original is a program in Rust.
{ lib, runCommandLocal, runtimeShell, nodejs, curlTool, gnutar, gzip, coreutils }:
runCommandLocal "prefetch-npm-deps-0.1.0"
{
  pname = "prefetch-npm-deps";
  version = "0.1.0";
  meta = { description = "Prefetch dependencies from npm (for use with `fetchNpmDeps`)"; mainProgram = "prefetch-npm-deps"; license = lib.licenses.mit; platforms = lib.platforms.all; };
} ''
  mkdir -p $out/bin $out/libexec
  cp ${./prefetch-npm-deps.mjs} $out/libexec/prefetch-npm-deps.mjs
  { echo "#!${runtimeShell}"
    echo "export PATH=${lib.makeBinPath [ curlTool gnutar gzip coreutils ]}:\$PATH"
    echo "exec ${nodejs}/bin/node $out/libexec/prefetch-npm-deps.mjs \"\$@\""
  } >$out/bin/prefetch-npm-deps
  chmod +x $out/bin/prefetch-npm-deps
''
