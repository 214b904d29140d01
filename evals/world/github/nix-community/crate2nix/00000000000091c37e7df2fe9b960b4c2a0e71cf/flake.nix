{
  description = "Stand-in for crate2nix: writes a Cargo.nix that builds every crate of a Cargo.lock in a derivation of its own";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs?ref=nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" "x86_64-darwin" ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (pkgs: { default = pkgs.callPackage ./default.nix { }; });
      tools = forEachSystem (pkgs: { inherit (pkgs.callPackage ./tools.nix { }) generatedCargoNix appliedCargoNix; });
      lib.tools = import ./tools.nix;
      overlays.default = final: _: { crate2nix = final.callPackage ./default.nix { }; };
    };
}
