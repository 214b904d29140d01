{
  description = "Which ships may enter";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  outputs =
    {
      self,
      nixpkgs,
      crane,
    }:
    let
      each = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      packages = each (
        system:
        let
          craneLib = crane.mkLib nixpkgs.legacyPackages.${system};
          common = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
          };
        in
        {
          default = craneLib.buildPackage (
            common
            // {
              cargoArtifacts = craneLib.buildDepsOnly common;
              meta.mainProgram = "harbor";
            }
          );
        }
      );

      checks = each (system: {
        harbor = self.packages.${system}.default;
      });
    };
}
