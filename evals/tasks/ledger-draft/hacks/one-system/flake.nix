{
  description = "Balances and registers of plain-text journals";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" ];
      perSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system} self.packages.${system});
    in
    {
      packages = perSystem (pkgs: own: {
        brassbook = pkgs.rustPlatform.buildRustPackage {
          pname = "brassbook";
          version = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package.version;
          src = ./.;
          cargoLock.lockFile = ./Cargo.lock;
          meta = {
            description = "Balances and registers of plain-text journals";
            license = pkgs.lib.licenses.mit;
            mainProgram = "brass";
          };
        };
        default = own.brassbook;
      });

      checks = perSystem (_: own: {
        inherit (own) brassbook;
        tests = own.brassbook.overrideAttrs { pname = "brassbook-tests"; doCheck = true; };
      });

      devShells = perSystem (pkgs: own: {
        default = pkgs.mkShell {
          inputsFrom = [ own.brassbook ];
          packages = [ pkgs.clippy pkgs.rustfmt ];
        };
      });
    };
}
