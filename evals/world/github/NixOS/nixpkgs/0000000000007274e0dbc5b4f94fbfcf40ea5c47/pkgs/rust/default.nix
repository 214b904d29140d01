# The host's Rust toolchain and what builds with it.
{ lib, pkgs }:
let
  toolchain = import ./toolchain.nix { inherit lib pkgs; };
in
{
  inherit (toolchain) cargo rustc clippy rustfmt;
  rustc-unwrapped = pkgs.rustc;

  hostRustComponent = import ./host-component.nix { inherit lib pkgs; };

  makeRustPlatform = import ./make-rust-platform.nix { inherit lib pkgs; };
  rustPlatform = pkgs.makeRustPlatform { inherit (pkgs) cargo rustc; };
  buildRustCrate = pkgs.callPackage ./build-rust-crate { };
  defaultCrateOverrides = pkgs.callPackage ./build-rust-crate/overrides.nix { };
  rustPackages = { inherit (pkgs) cargo rustc clippy rustfmt rustPlatform; };
  rust = {
    envVars = { };
    packages.stable = { inherit (pkgs) cargo rustc clippy rustfmt; };
    toRustTarget = platform: platform.rust.rustcTarget;
    toRustTargetSpec = platform: platform.rust.rustcTargetSpec;
  };
}
