# Where a registry, named as in a lock file, has its crates. {crate}, {version}, {prefix}, {lowerprefix} and {sha256-checksum} are replaced.
{ lib }:
rec {
  registryFromDownloadUrl = { dl, indexUrl, registryPrefix ? "registry+", fetchurlExtraArgs ? { } }:
    let
      marked = builtins.any (marker: lib.hasInfix marker dl) [ "{crate}" "{version}" "{prefix}" "{lowerprefix}" "{sha256-checksum}" ];
    in
    {
      ${if lib.hasPrefix registryPrefix indexUrl then indexUrl else registryPrefix + indexUrl} = {
        downloadUrl = if marked then dl else "${dl}/{crate}/{version}/download";
        inherit fetchurlExtraArgs;
      };
    };
  registryFromGitIndex = { indexUrl, rev, fetchurlExtraArgs ? { } }: throw "registryFromGitIndex: this stand-in for crane reads no index; give registryFromDownloadUrl the address of ${indexUrl}";
  registryFromSparse = { indexUrl, configSha256, fetchurlExtraArgs ? { } }: throw "registryFromSparse: this stand-in for crane reads no index; give registryFromDownloadUrl the address of ${indexUrl}";

  # The public registry; its host is part of the name of its index.
  crateRegistries =
    let host = lib.concatStringsSep "." [ "crates" "io" ];
    in registryFromDownloadUrl { dl = "https://static.${host}/crates"; indexUrl = "https://github.com/rust-lang/${host}-index"; };
}
