{
  description = "Two programs for maps of square tiles";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  outputs = { self, nixpkgs, crane }:
    let
      inherit (nixpkgs) lib;
      systems = [ "x86_64-linux" "aarch64-linux" ];
      perSystem = f: lib.genAttrs systems (system:
        let
          craneLib = crane.mkLib nixpkgs.legacyPackages.${system};
          arguments = {
            pname = "tilemap";
            version = "0.9.1";
            src = lib.fileset.toSource {
              root = ./.;
              fileset = lib.fileset.unions [ ./programs ./library ];
            };
            cargoToml = ./programs/Cargo.toml;
            cargoLock = ./programs/Cargo.lock;
            postUnpack = ''
              cd "$sourceRoot/programs"
              sourceRoot=.
            '';
            strictDeps = true;
            cargoExtraArgs = "--locked --workspace";
          };
          shared = arguments // { cargoArtifacts = null; };
        in
        f {
          inherit craneLib shared system;
          program = name: craneLib.buildPackage (shared // {
            pname = name;
            cargoExtraArgs = "--locked -p ${name}";
            doCheck = false;
            meta.mainProgram = name;
          });
        });
    in
    {
      packages = perSystem ({ program, ... }: rec {
        tileview = program "tileview";
        tilepath = program "tilepath";
        default = tileview;
      });

      checks = perSystem ({ craneLib, shared, ... }: { test = craneLib.cargoTest (shared // { cargoTestExtraArgs = "--no-run"; }); });

      devShells = perSystem ({ craneLib, ... }: { default = craneLib.devShell { }; });
    };
}
