{
  inputs = {
    flake-utils.url = "github:numtide/flake-utils";
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    naersk = {
      url = "github:nix-community/naersk";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { flake-utils, naersk, nixpkgs, ... }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = import nixpkgs { inherit system; };
        builder = pkgs.callPackage naersk { };
      in
      {
        packages.default = builder.buildPackage { src = ./.; };
        devShells.default = pkgs.mkShell { nativeBuildInputs = [ pkgs.rustc pkgs.cargo ]; };
      });
}
