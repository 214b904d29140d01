{
  description = "Container numbers, judged";

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
      build =
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          craneLib = crane.mkLib pkgs;
          common = {
            src = nixpkgs.lib.fileset.toSource {
              root = ./.;
              fileset = nixpkgs.lib.fileset.unions [
                (craneLib.fileset.commonCargoSources ./.)
                ./csrc
              ];
            };
            strictDeps = true;
            nativeBuildInputs = [ pkgs.pkg-config ];
          };
        in
        craneLib.buildPackage (
          common
          // {
            cargoArtifacts = craneLib.buildDepsOnly common;
            # Fails upstream since 3.0 (issue 41).
            cargoTestExtraArgs = "-- --skip report::tests::owners_with_many_come_first";
            doCheck = false;
            meta.mainProgram = "quay";
          }
        );
    in
    {
      packages = each (system: rec {
        quay = build system;
        default = quay;
      });

      checks = each (system: { inherit (self.packages.${system}) quay; });
    };
}
