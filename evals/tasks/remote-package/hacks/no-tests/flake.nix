{
  description = "Says which ships may enter a harbor at a given depth of water";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  };

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.${system});

      lib = nixpkgs.lib;
      cargoToml = builtins.fromTOML (builtins.readFile ./Cargo.toml);

      rust = pkgs: rec {
        common = {
          src = ./.;
          cargoLock = {
            lockFile = ./Cargo.lock;
            allowBuiltinFetchGit = true;
          };
        };
      };
    in
    {
      packages = forEachSystem (
        system: pkgs:
        let
          inherit (rust pkgs) common;
        in
        {
          default = self.packages.${system}.harbor;

          harbor = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "harbor";
              version = cargoToml.package.version;
              doCheck = false;
              meta = {
                description = "Says which ships may enter a harbor at a given depth of water";
                license = lib.licenses.mit;
                mainProgram = "harbor";
              };
            }
          );
        }
      );

      apps = forEachSystem (
        system: pkgs: {
          default = self.apps.${system}.harbor;

          harbor = {
            type = "app";
            program = "${self.packages.${system}.harbor}/bin/harbor";
            meta.description = "Says which ships may enter a harbor at a given depth of water";
          };
        }
      );

      checks = forEachSystem (
        system: pkgs:
        let
          inherit (rust pkgs) common;
        in
        {
          inherit (self.packages.${system}) harbor;

          clippy = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "harbor-clippy";
              version = cargoToml.package.version;
              nativeBuildInputs = [ pkgs.clippy ];
              dontBuild = true;
              checkPhase = "cargo clippy --offline --workspace --all-targets";
              installPhase = "touch $out";
            }
          );

          doc = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "harbor-doc";
              version = cargoToml.package.version;
              dontBuild = true;
              checkPhase = "cargo doc --offline --workspace --no-deps";
              installPhase = "touch $out";
            }
          );
        }
      );

      devShells = forEachSystem (
        system: pkgs: {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.${system}.harbor ];
            packages = [
              pkgs.cargo
              pkgs.rustc
              pkgs.clippy
              pkgs.rustfmt
            ];
          };
        }
      );
    };
}
