{
  description = "A cargo project with its checks";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    crane.url = "github:ipetkov/crane";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, crane, flake-utils, ... }:
    flake-utils.lib.eachDefaultSystem (system:
      let
        craneLib = crane.mkLib nixpkgs.legacyPackages.${system};
        common = {
          src = craneLib.cleanCargoSource ./.;
          strictDeps = true;
        };
        onDependencies = common // { cargoArtifacts = craneLib.buildDepsOnly common; };
        package = craneLib.buildPackage onDependencies;
      in
      {
        packages.default = package;
        apps.default = flake-utils.lib.mkApp { drv = package; };
        checks = {
          inherit package;
          clippy = craneLib.cargoClippy (onDependencies // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
          doc = craneLib.cargoDoc (onDependencies // { env.RUSTDOCFLAGS = "--deny warnings"; });
          fmt = craneLib.cargoFmt { inherit (common) src; };
        };
        devShells.default = craneLib.devShell { checks = self.checks.${system}; };
      });
}
