{
  description = "A box of lines that are found again by their hash";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{ flake-parts, crane, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" "aarch64-linux" ];
      perSystem =
        { pkgs, self', ... }:
        let
          craneLib = crane.mkLib pkgs;
          common = {
            src = pkgs.lib.fileset.toSource {
              root = ./.;
              fileset = pkgs.lib.fileset.unions [ (craneLib.fileset.commonCargoSources ./.) ./link ];
            };
            strictDeps = true;
          };
          prepared = common // {
            # One step: the linker needs a list that a stand-in source has not.
            cargoArtifacts = null;
          };
        in
        {
          packages = {
            default = self'.packages.hashbox;
            hashbox = craneLib.buildPackage (prepared // { doCheck = false; meta.mainProgram = "hashbox"; });
          };
          checks = {
            test = craneLib.cargoTest prepared;
            clippy = craneLib.cargoClippy (prepared // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
          };
          devShells.default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.clippy pkgs.rustfmt ]; };
        };
    };
}
