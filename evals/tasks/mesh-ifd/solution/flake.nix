{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

    crate2nix = {
      url = "github:nix-community/crate2nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      crate2nix,
    }:
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
        crateOverrides = {
          mesh = _: {
            meta = {
              description = "Finds the shortest way through a net of links";
              license = lib.licenses.mit;
              mainProgram = "mesh";
            };
          };
        };
        cargoNix = import ./Cargo.nix {
          inherit pkgs;
          defaultCrateOverrides = pkgs.defaultCrateOverrides // crateOverrides;
        };
        generatedCargoNix = crate2nix.tools.${pkgs.stdenv.hostPlatform.system}.generatedCargoNix {
          name = "mesh";
          src = ./.;
        };
        common = {
          src = ./.;
          cargoLock.lockFile = ./Cargo.lock;
        };
      };
    in
    {
      packages = forEachSystem (
        system: pkgs:
        let
          inherit (rust pkgs) cargoNix;
        in
        {
          default = self.packages.${system}.mesh;

          mesh = cargoNix.workspaceMembers.mesh.build;

          regenerate-cargo-nix = pkgs.writeShellApplication {
            name = "regenerate-cargo-nix";
            runtimeInputs = [ crate2nix.packages.${system}.default ];
            text = ''
              if [ ! -e 'Cargo.toml' ]; then
                echo 'run this in the folder of flake.nix' >&2
                exit 1
              fi
              crate2nix generate "$@"
            '';
          };
        }
      );

      apps = forEachSystem (
        system: pkgs: {
          default = self.apps.${system}.mesh;

          mesh = {
            type = "app";
            program = "${self.packages.${system}.mesh}/bin/mesh";
            meta.description = "Finds the shortest way through a net of links";
          };

          regenerate-cargo-nix = {
            type = "app";
            program = "${self.packages.${system}.regenerate-cargo-nix}/bin/regenerate-cargo-nix";
          };
        }
      );

      checks = forEachSystem (
        system: pkgs:
        let
          inherit (rust pkgs) cargoNix generatedCargoNix common;
        in
        {
          mesh = cargoNix.workspaceMembers.mesh.build.override {
            runTests = true;
          };

          test = pkgs.linkFarm "test" (
            builtins.mapAttrs (_: member: member.build.override {
              runTests = true;
            }) cargoNix.workspaceMembers
          );

          clippy = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "mesh-clippy";
              version = cargoToml.workspace.package.version;
              nativeBuildInputs = [ pkgs.clippy ];
              dontBuild = true;
              checkPhase = "cargo clippy --offline --workspace --all-targets";
              installPhase = "touch $out";
            }
          );

          doc = pkgs.rustPlatform.buildRustPackage (
            common
            // {
              pname = "mesh-doc";
              version = cargoToml.workspace.package.version;
              dontBuild = true;
              checkPhase = "cargo doc --offline --workspace --no-deps";
              installPhase = "touch $out";
            }
          );

          cargo-nix = pkgs.runCommand "cargo-nix" { } ''
            if ! diff <(sed '/^#/d' ${./Cargo.nix}) <(sed '/^#/d' ${generatedCargoNix}/crate/Cargo-generated.nix); then
              echo 'Cargo.nix does not fit Cargo.toml and Cargo.lock any more: nix run .#regenerate-cargo-nix' >&2
              exit 1
            fi
            touch $out
          '';
        }
      );

      devShells = forEachSystem (
        system: pkgs: {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.${system}.mesh ];
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
