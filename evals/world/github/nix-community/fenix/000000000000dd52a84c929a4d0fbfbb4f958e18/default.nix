# Toolchains of the channels, and functions that make others.
{ system ? builtins.currentSystem
, pkgs ? throw "fenix: without a flake there is no nixpkgs here; pass pkgs"
, lib ? pkgs.lib
}:
let
  host = pkgs.stdenv.buildPlatform.rust.rustcTarget;
  channels = import ./data { inherit lib; };
  combine = pkgs.callPackage ./lib/combine.nix { };
  toolchain = import ./lib/toolchain.nix { inherit lib pkgs combine; };
  manifests = import ./lib/manifest.nix { inherit lib pkgs combine toolchain; };

  ofTarget = target: {
    fromManifest = manifests.fromManifest target "";
    fromManifestFile = manifests.fromManifestFile target "";
    toolchainOf = manifests.toolchainOf target;
    fromToolchainFile = manifests.fromToolchainFile target;
    fromToolchainName = { name, sha256 ? "" }: manifests.fromToolchainName target name sha256;
  };
  released = target: {
    stable = manifests.fromManifest target "-stable" channels.stable;
    beta = manifests.fromManifest target "-beta" channels.beta;
  };
  # Of a night a platform has what a profile names; another target has a standard library.
  nights = target: lib.mapAttrs
    (profile: names: toolchain "-nightly-${profile}" {
      inherit (channels.nightly) release date;
      inherit target;
      components = lib.filter (name: channels.nightly.pkg.${name}.target ? "*" || channels.nightly.pkg.${name}.target ? ${target}) names;
    })
    channels.nightly.profiles;
in
nights host // ofTarget host // released host // {
  combine = combine "rust-mixed";
  targets = lib.genAttrs channels.targets (target: nights target // released target // ofTarget target);
}
