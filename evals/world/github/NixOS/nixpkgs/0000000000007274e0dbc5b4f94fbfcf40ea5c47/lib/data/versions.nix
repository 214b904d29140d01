# Version strings.
{ lib }:
let
  inherit (builtins) elemAt filter isString length split;
in
rec {
  splitVersion = builtins.splitVersion;
  major = v: elemAt (splitVersion v) 0;
  minor = v: elemAt (splitVersion v) 1;
  patch = v: elemAt (splitVersion v) 2;
  majorMinor = v: lib.concatStringsSep "." (lib.take 2 (splitVersion v));
  pad = n: v:
    let
      numbers = filter isString (split "\\." (builtins.head (split "-" v)));
      suffix = lib.removePrefix (builtins.head (split "-" v)) v;
    in
    lib.concatStringsSep "." (lib.take n (numbers ++ lib.genList (_: "0") (lib.max 0 (n - length numbers)))) + suffix;
}
