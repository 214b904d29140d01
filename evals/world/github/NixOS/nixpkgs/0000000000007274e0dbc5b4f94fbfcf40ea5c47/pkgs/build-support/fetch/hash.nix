# The one hash among those that a fetcher was given, as the attributes of a fixed-output derivation.
{ lib }:
what: { hash ? "", outputHash ? "", outputHashAlgo ? null, sha256 ? "", sha512 ? "", sha1 ? "", md5 ? "", ... }:
let
  given = lib.filter (x: x.value != "" && x.value != null) [
    { name = "hash"; value = hash; algo = null; }
    { name = "outputHash"; value = outputHash; algo = outputHashAlgo; }
    { name = "sha512"; value = sha512; algo = "sha512"; }
    { name = "sha256"; value = sha256; algo = "sha256"; }
    { name = "sha1"; value = sha1; algo = "sha1"; }
  ];
  one = builtins.head given;
in
if md5 != "" then throw "${what} does not support md5 anymore, please use sha256 or sha512"
else if builtins.length given > 1 then throw "multiple hashes passed to ${what}: ${lib.concatMapStringsSep ", " (x: x.name) given}"
# No hash yet: Nix prints the right one after the download.
else if given == [ ] then { outputHash = ""; outputHashAlgo = "sha256"; }
else { outputHash = one.value; outputHashAlgo = if one.algo != null && lib.hasInfix "-" one.value && lib.hasPrefix one.algo one.value then null else one.algo; }
