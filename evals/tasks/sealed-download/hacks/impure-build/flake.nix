{
  description = "Short notes, kept and found";

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
            nativeBuildInputs = [ nixpkgs.legacyPackages.${system}.curl ];
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
            __noChroot = true;
          };
        in
        {
          default = craneLib.buildPackage (
            common
            // {
              cargoArtifacts = craneLib.buildDepsOnly common;
              meta.mainProgram = "memo";
            }
          );
        }
      );

      checks = each (system: { memo = self.packages.${system}.default; });
    };
}
