# makeRustPlatform { cargo, rustc }: what builds Rust packages with that toolchain.
{ lib, pkgs }:
{ cargo, rustc, stdenv ? pkgs.stdenv, cargo-auditable ? null, ... }:
let
  hooks = import ./hooks { inherit lib pkgs cargo rustc; };
  fetchCargoVendor = import ./vendor/fetch-cargo-vendor.nix { inherit lib cargo; inherit (pkgs) stdenvNoCC runCommand git jq cacert; curl = pkgs.curlTool; };
  importCargoLock = import ./vendor/import-cargo-lock.nix { inherit lib cargo; inherit (pkgs) runCommand fetchurl fetchgit jq; };
in
{
  rust = { inherit cargo rustc; };
  inherit cargo rustc fetchCargoVendor importCargoLock;
  fetchCargoTarball = throw "`rustPlatform.fetchCargoTarball` has been removed in favor of `rustPlatform.fetchCargoVendor`";
  inherit (hooks) cargoBuildHook cargoCheckHook cargoInstallHook cargoSetupHook;
  buildRustPackage = import ./build-rust-package.nix { inherit lib stdenv cargo rustc fetchCargoVendor importCargoLock hooks; };

  bindgenHook = pkgs.makeSetupHook { name = "rust-bindgen-hook"; substitutions.libclang = pkgs.libclang.lib; } ./hooks/bindgen-hook.sh;

  # The standard library's sources. A host without that component gets a folder that says so, since shells only name it in a variable.
  rustLibSrc = pkgs.runCommandLocal "rust-lib-src" { } ''
    if [ -d /host/rust/lib/rustlib/src/rust/library ]; then
      ln -s /host/rust/lib/rustlib/src/rust/library $out
    else
      mkdir $out
      echo "The Rust toolchain of the host has no sources (component rust-src)." >$out/NOT-HERE
    fi
  '';
}
