{
  description = "Checks and sorts the numbers of shipping containers";

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
          cargoLock.lockFile = ./Cargo.lock;
          checkFlags = [ "--skip=report::tests::owners_are_counted" ];
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
          default = self.packages.${system}.quay;

          quay = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "quay";
              version = cargoToml.package.version;
              meta = {
                description = "Checks and sorts the numbers of shipping containers";
                license = lib.licenses.mit;
                mainProgram = "quay";
              };
            }
          );
        }
      );

      apps = forEachSystem (
        system: pkgs: {
          default = self.apps.${system}.quay;

          quay = {
            type = "app";
            program = "${self.packages.${system}.quay}/bin/quay";
            meta.description = "Checks and sorts the numbers of shipping containers";
          };
        }
      );

      checks = forEachSystem (
        system: pkgs:
        let
          inherit (rust pkgs) common;
        in
        {
          inherit (self.packages.${system}) quay;

          clippy = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "quay-clippy";
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
              pname = "quay-doc";
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
            inputsFrom = [ self.packages.${system}.quay ];
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
