{ crateRegistries, lib }:
{ name, version, source, checksum, ... }:
let
  length = builtins.stringLength name;
  prefix =
    if length < 3 then toString length
    else if length == 3 then "3/${builtins.substring 0 1 name}"
    else "${builtins.substring 0 2 name}/${builtins.substring 2 2 name}";
  registry = crateRegistries.${source} or (throw ''
    not sure how to download crates from ${source}.
    known registries are: ${lib.concatMapStrings (known: "\n  ${known}") (builtins.attrNames crateRegistries)}

    add it, and go on with the craneLib that this gives:

    craneLib.appendCrateRegistries [
      (craneLib.registryFromDownloadUrl { dl = "https://host/api/v1/crates"; indexUrl = "https://host/index"; })
    ]
  '');
in
{
  inherit (registry) fetchurlExtraArgs;
  url = builtins.replaceStrings [ "{crate}" "{version}" "{prefix}" "{lowerprefix}" "{sha256-checksum}" ] [ name version prefix (lib.toLower prefix) checksum ] registry.downloadUrl;
}
