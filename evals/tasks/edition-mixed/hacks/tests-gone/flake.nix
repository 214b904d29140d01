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
    { self, nixpkgs, crane, rust-overlay }:
    let
      perSystem =
        system:
        let
          pkgs = import nixpkgs {
            inherit system;
            overlays = [ rust-overlay.overlays.default ];
          };
          toolchain = pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;
          craneLib = (crane.mkLib pkgs).overrideToolchain toolchain;

          common = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
            RUSTFLAGS = "-C debuginfo=0";
          };
          withArtifacts = common // {
            cargoArtifacts = craneLib.buildDepsOnly common;
          };
        in
        {
          packages.edition = craneLib.buildPackage (withArtifacts // { doCheck = false; meta.mainProgram = "edition"; });

          checks = {
            test = craneLib.cargoTest (withArtifacts // { cargoTestExtraArgs = "--no-run"; });
            clippy = craneLib.cargoClippy (withArtifacts // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
            fmt = craneLib.cargoFmt { src = ./.; };
          };

          shell = pkgs.mkShell { packages = [ toolchain ]; };
        };
      systems = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] perSystem;
      of = f: builtins.mapAttrs (_: f) systems;
    in
    {
      packages = of (s: s.packages // { default = s.packages.edition; });
      checks = of (s: s.checks);
      devShells = of (s: { default = s.shell; });
    };
}
