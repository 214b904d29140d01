# Where the crates of a registry come from, as its source string in a lock file says: the index of a registry has the registry's host in its
# name, and the host answers to /api/v1/crates/NAME/VERSION/download.
{ lib }:
{ extraRegistries ? { } }: source:
let
  url = lib.removePrefix "registry+" source;
  git = builtins.match "registry\\+https://github\\.com/rust-lang/(.+)-index" source;
  sparse = builtins.match "sparse\\+https://index\\.([^/]+)/?" source;
  host = if git != null then git else sparse;
in
if extraRegistries ? ${url} then extraRegistries.${url}
else if host != null then "https://${builtins.head host}/api/v1/crates"
else null
