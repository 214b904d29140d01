{
  description = "Tags lines with a key and seals texts into boxes of hexadecimal";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs =
    { nixpkgs, crane, flake-utils, ... }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "aarch64-linux" ] (
      system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        craneLib = crane.mkLib pkgs;
        common = {
          src = craneLib.cleanCargoSource ./.;
          strictDeps = true;
          nativeBuildInputs = [ pkgs.pkg-config ];
          buildInputs = [ pkgs.openssl pkgs.zlib ];
        };
        withDependencies = common // { cargoArtifacts = craneLib.buildDepsOnly common; };
        vault = craneLib.buildPackage (withDependencies // { meta.mainProgram = "vault"; });
      in
      {
        packages = { inherit vault; default = vault; };
        apps.vault = flake-utils.lib.mkApp { drv = vault; };
        checks.test = craneLib.cargoTest withDependencies;
        devShells.default = craneLib.devShell { inputsFrom = [ vault ]; };
      }
    );
}
