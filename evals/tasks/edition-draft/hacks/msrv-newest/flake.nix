{
  description = "Shows a text as it stood in one of its editions";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
    rust-overlay = {
      url = "github:oxalica/rust-overlay";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { nixpkgs, crane, rust-overlay, ... }:
    let
      systems = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (
        system:
        let
          pkgs = import nixpkgs { inherit system; overlays = [ rust-overlay.overlays.default ]; };
          toolchain = pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;
          craneLib = (crane.mkLib pkgs).overrideToolchain toolchain;
          common = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
          };
          withArtifacts = common // { cargoArtifacts = craneLib.buildDepsOnly common; };
        in
        {
          edition = craneLib.buildPackage (withArtifacts // { doCheck = false; meta.mainProgram = "edition"; });
          test = craneLib.cargoTest withArtifacts;
          shell = pkgs.mkShell { packages = [ toolchain ]; };
          msrv = pkgs.mkShell { packages = [ toolchain ]; };
        }
      );
      of = f: builtins.mapAttrs (_: f) systems;
    in
    {
      packages = of (s: { inherit (s) edition; default = s.edition; });
      checks = of (s: { inherit (s) test; });
      devShells = of (s: { default = s.shell; inherit (s) msrv; });
    };
}
