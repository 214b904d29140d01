# One crate of a registry, unpacked. It is a derivation of its own, so that it can be patched (overrideVendorCargoPackage).
{ fetchurl, pkgs, stdenvSelector, urlForCargoPackage }:
{ name, version, checksum, ... }@args:
let
  from = urlForCargoPackage args;
  archive = fetchurl (from.fetchurlExtraArgs // {
    inherit (from) url;
    name = "cargo-src-${name}-${version}";
    sha256 = checksum;
  });
in
(stdenvSelector pkgs).mkDerivation {
  pname = "cargo-package-${name}";
  inherit version;
  sourceRoot = "./crate";
  dontConfigure = true;
  dontBuild = true;
  dontFixup = true;
  unpackPhase = ''
    runHook preUnpack
    mkdir -p crate
    tar -xzf ${archive} -C crate --strip-components=1 --no-same-owner
    runHook postUnpack
  '';
  installPhase = ''
    runHook preInstall
    mkdir -p $out
    cp -r . $out
    printf '{"files":{},"package":"%s"}' ${checksum} >$out/.cargo-checksum.json
    runHook postInstall
  '';
}
