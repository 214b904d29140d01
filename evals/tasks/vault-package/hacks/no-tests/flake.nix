{
  description = "Tags lines with a key and seals texts into boxes of hexadecimal";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      each = make: lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: make system nixpkgs.legacyPackages.${system});
    in
    {
      packages = each (
        system: pkgs: {
          default = self.packages.${system}.vault;
          vault = pkgs.rustPlatform.buildRustPackage {
            pname = "vault";
            version = (lib.importTOML ./Cargo.toml).package.version;
            src = ./.;
            cargoLock.lockFile = ./Cargo.lock;
            nativeBuildInputs = [ pkgs.pkg-config ];
            doCheck = false;
            buildInputs = [ pkgs.openssl pkgs.zlib ];
            meta = {
              description = "Tags lines with a key and seals texts into boxes of hexadecimal";
              license = lib.licenses.mit;
              mainProgram = "vault";
            };
          };
        }
      );

      apps = each (
        system: _: {
          vault = {
            type = "app";
            program = lib.getExe self.packages.${system}.vault;
          };
        }
      );

      # The package runs the tests while it is built; this one says so by its name.
      checks = each (
        system: _: {
          test = self.packages.${system}.vault.overrideAttrs { pname = "vault-test"; doCheck = false; };
        }
      );

      devShells = each (
        system: pkgs: {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.${system}.vault ];
            packages = [ pkgs.clippy pkgs.rustfmt ];
          };
        }
      );
    };
}
