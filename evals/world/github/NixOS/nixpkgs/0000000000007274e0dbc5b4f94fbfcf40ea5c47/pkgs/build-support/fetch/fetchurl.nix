# A file from the first address that has it.
{ lib, stdenvNoCC, curl }:
{ url ? ""
, urls ? [ ]
, name ? ""
, pname ? ""
, version ? ""
, hash ? "", outputHash ? "", outputHashAlgo ? "", sha256 ? "", sha512 ? "", sha1 ? "", md5 ? ""
, curlOpts ? ""
, curlOptsList ? [ ]
, recursiveHash ? false
, executable ? false
, downloadToTemp ? false
, postFetch ? ""
, nativeBuildInputs ? [ ]
, preferLocalBuild ? true
, netrcPhase ? null
, netrcImpureEnvVars ? [ ]
, impureEnvVars ? [ ]
, meta ? { }
, passthru ? { }
}@args:
let
  addresses =
    if urls != [ ] && url == "" then (if builtins.isList urls then urls else throw "`urls` is not a list")
    else if urls == [ ] && url != "" then (if builtins.isString url then [ url ] else throw "`url` is not a string")
    else throw "fetchurl requires either `url` or `urls` to be set: ${lib.generators.toPretty { multiline = false; } args}";
  mirror = lib.findFirst (lib.hasPrefix "mirror://") null addresses;
in
if mirror != null then throw "fetchurl: this package set knows no mirrors (${mirror}); give a whole address"
else stdenvNoCC.mkDerivation ({
  name = if name != "" then name else if pname != "" && version != "" then "${pname}-${version}" else baseNameOf (builtins.head addresses);
  builder = ./fetchurl.sh;
  urls = addresses;
  curl = "${curl}/bin/curl";
  inherit (import ./hash.nix { inherit lib; } "fetchurl" (args // { outputHashAlgo = if outputHashAlgo == "" then null else outputHashAlgo; })) outputHash outputHashAlgo;
  outputHashMode = if recursiveHash || executable then "recursive" else "flat";
  inherit curlOpts curlOptsList downloadToTemp executable postFetch nativeBuildInputs preferLocalBuild passthru;
  impureEnvVars = impureEnvVars ++ lib.fetchers.proxyImpureEnvVars ++ [ "NIX_CURL_FLAGS" ] ++ netrcImpureEnvVars;
  meta = meta;
} // lib.optionalAttrs (pname != "") { inherit pname; } // lib.optionalAttrs (version != "") { inherit version; }
  // { passthru = { url = builtins.head addresses; } // passthru; })
