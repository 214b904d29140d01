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
          # The build script of tidewater-tables writes beside its sources, which in the store nobody can: it gets the folder that cargo has for this.
          patched =
            checkout:
            checkout.overrideAttrs {
              postPatch = ''
                substituteInPlace tables/build.rs --replace-fail \
                  'concat!(env!("CARGO_MANIFEST_DIR"), "/src/tables.rs")' '&format!("{}/tables.rs", std::env::var("OUT_DIR").unwrap())'
                substituteInPlace tables/src/lib.rs --replace-fail \
                  'mod tables;' 'mod tables { include!(concat!(env!("OUT_DIR"), "/tables.rs")); }'
              '';
            };
          common = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
            cargoVendorDir = craneLib.vendorCargoDeps {
              src = ./.;
              overrideVendorGitCheckout = _: patched;
            };
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
