# File sets of what cargo reads below a path, to be joined with what the project needs besides.
{ lib }:
let
  where = keep: path: lib.fileset.fileFilter keep path;
in
rec {
  rust = where (file: file.hasExt "rs");
  toml = where (file: file.hasExt "toml");
  configToml = where (file: file.name == "config.toml");
  cargoTomlAndLock = where (file: file.name == "Cargo.toml" || file.name == "Cargo.lock");
  commonCargoSources = path: lib.fileset.unions [ (cargoTomlAndLock path) (rust path) (toml path) ];
}
