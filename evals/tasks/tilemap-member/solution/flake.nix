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
          pkgs = nixpkgs.legacyPackages.${system};
          craneLib = crane.mkLib pkgs;
          workspace = {
            pname = "tilemap";
            version = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).workspace.package.version;
            src = lib.fileset.toSource {
              root = ./.;
              fileset = lib.fileset.unions [ ./Cargo.toml ./Cargo.lock ./crates/tilegrid ./crates/tilepath ./crates/tileview ];
            };
            strictDeps = true;
            cargoExtraArgs = "--locked --workspace";
          };
        in
        f {
          inherit pkgs craneLib system;
          arguments = workspace // { cargoArtifacts = craneLib.buildDepsOnly workspace; };
        });
      program = { craneLib, arguments, ... }: name: about: craneLib.buildPackage (arguments // {
        pname = name;
        cargoExtraArgs = "--locked -p ${name}";
        meta = {
          description = about;
          license = lib.licenses.mit;
          mainProgram = name;
        };
      });
    in
    {
      packages = perSystem (place: rec {
        tileview = program place "tileview" "Shows a map: cut, turned, or counted";
        tilepath = program place "tilepath" "Finds the cheapest way over a map";
        default = tileview;
      });

      checks = perSystem ({ craneLib, arguments, system, ... }: {
        test = craneLib.cargoTest arguments;
        inherit (self.packages.${system}) tileview tilepath;
      });

      devShells = perSystem ({ craneLib, ... }: { default = craneLib.devShell { }; });
    };
}
