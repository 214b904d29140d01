{
  description = "A box of lines that are found again by their hash";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{ flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" "aarch64-linux" ];
      perSystem =
        { pkgs, self', ... }:
        {
          packages = {
            default = self'.packages.hashbox;
            hashbox = pkgs.callPackage ./nix/hashbox.nix { };
          };
          checks = {
            test = self'.packages.hashbox.overrideAttrs { name = "hashbox-tests"; };
            clippy = self'.packages.hashbox.overrideAttrs (old: {
              name = "hashbox-clippy";
              nativeBuildInputs = old.nativeBuildInputs ++ [ pkgs.clippy ];
              buildPhase = "cargo clippy --offline --all-targets -- --deny warnings";
              doCheck = false;
              installPhase = "touch $out";
            });
          };
          devShells.default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.clippy pkgs.rustfmt ]; };
        };
    };
}
