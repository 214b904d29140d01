{
  description = "Rust toolchains by release, profile and component, over the Rust of the host: a stand-in of github:oxalica/rust-overlay for offline evaluations of crq-agent";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      mkRustBin = { distRoot ? import ./lib/dist-root.nix }: pkgs: import ./lib { inherit lib pkgs distRoot; };

      # rust_1_85_0, rust-nightly_2026-01-01, and rust, rust-nightly, rust-beta for the newest: the default profile, with the minimal one inside.
      named = prefix: releases: lib.mapAttrs'
        (name: toolchain: lib.nameValuePair
          (if name == "latest" then prefix else "${prefix}_${lib.replaceStrings [ "." ] [ "_" ] name}")
          (toolchain.default // { minimal = toolchain.minimal; }))
        (lib.filterAttrs (_: toolchain: toolchain ? default) releases);
    in
    {
      lib = { inherit mkRustBin; };
      overlays = {
        default = import ./.;
        rust-overlay = import ./.;
      };
      packages = lib.genAttrs lib.systems.flakeExposed (system:
        let rust-bin = mkRustBin { } nixpkgs.legacyPackages.${system};
        in named "rust" rust-bin.stable // named "rust-nightly" rust-bin.nightly // named "rust-beta" rust-bin.beta
          // { default = self.packages.${system}.rust; });
    };
}
