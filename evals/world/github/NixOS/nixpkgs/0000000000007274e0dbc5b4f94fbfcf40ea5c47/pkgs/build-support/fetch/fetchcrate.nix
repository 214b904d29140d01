# A published crate, unpacked unless told otherwise. The mirror knows crates by the shape of the path, so the default host is none at all.
{ lib, fetchurl, fetchzip }:
{ crateName ? args.pname, pname ? null, version, unpack ? true, dl ? "https://registry.invalid/api/v1/crates", registryDl ? dl, ... }@args:
(if unpack then fetchzip else fetchurl) ({
  name = "${crateName}-${version}.tar.gz";
  url = "${registryDl}/${crateName}/${version}/download";
} // lib.optionalAttrs unpack { extension = "tar.gz"; }
  // removeAttrs args [ "crateName" "pname" "version" "unpack" "dl" "registryDl" ])
