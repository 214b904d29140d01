# One package of package-lock.json. The lock names no registry, so npm asks whichever one it is set to, and the lock's own integrity, which
# `npm pack` passes through unchanged, is the fixed output's hash: no hash is kept here.
{
  lib,
  stdenvNoCC,
  nodejs,
}:
# A place in the lock such as "node_modules/a/node_modules/@b/c", and its entry. An alias says its real name in the entry.
place: entry:
let
  name = entry.name or (lib.last (lib.splitString "node_modules/" place));
in
stdenvNoCC.mkDerivation {
  name = "${lib.strings.sanitizeDerivationName name}-${entry.version}.tgz";
  nativeBuildInputs = [ nodejs ];
  dontUnpack = true;
  buildPhase = ''
    export HOME=$TMPDIR
    mkdir packed
    npm pack --pack-destination packed ${lib.escapeShellArg "${name}@${entry.version}"}
  '';
  installPhase = "mv packed/*.tgz $out";
  dontFixup = true;
  outputHash = entry.integrity;
  outputHashMode = "flat";
  impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "NODE_EXTRA_CA_CERTS" ];
}
