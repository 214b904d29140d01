{
  description = "Stand-in for naersk: builds Rust projects from their Cargo.lock, without code generation and without import from derivation";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs?ref=nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "x86_64-darwin" "i686-linux" "aarch64-linux" "aarch64-darwin" ];
    in
    {
      lib = nixpkgs.lib.genAttrs systems (system: nixpkgs.legacyPackages.${system}.callPackage ./default.nix { });
      overlays.default = import ./overlay.nix;
      templates = rec {
        default = hello-world;
        hello-world = {
          description = "A simple Rust program built with naersk";
          path = ./templates/hello-world;
        };
      };
    };
}
