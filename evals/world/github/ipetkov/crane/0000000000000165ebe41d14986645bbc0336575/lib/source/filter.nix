# Lets through what cargo reads: Rust sources, TOML files, the lock file and the old form of cargo's configuration. Everything else is dropped.
{ lib }:
path: type:
let
  name = baseNameOf (toString path);
in
type == "directory"
|| lib.hasSuffix ".rs" name
|| lib.hasSuffix ".toml" name
|| name == "Cargo.lock"
|| name == "config" && baseNameOf (dirOf (toString path)) == ".cargo"
