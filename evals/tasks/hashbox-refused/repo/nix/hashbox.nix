{ lib, rustPlatform }:

rustPlatform.buildRustPackage {
  pname = "hashbox";
  version = "2.1.0";

  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [ ../Cargo.toml ../Cargo.lock ../.cargo ../link ../src ../tests ];
  };

  cargoLock = {
    lockFile = ../Cargo.lock;
    extraRegistries = import ./registries.nix;
  };

  meta.mainProgram = "hashbox";
}
