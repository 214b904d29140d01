{
  description = "Tags lines with a key and seals texts into boxes of hexadecimal";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      each = make: nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: make nixpkgs.legacyPackages.${system});
    in
    {
      overlays.default = final: _: {
        vault = final.rustPlatform.buildRustPackage {
          pname = "vault";
          version = "0.5.0";
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          # Loaded while it runs, so no linker writes down where it lies.
          preCheck = "export LD_LIBRARY_PATH=${final.lib.makeLibraryPath [ final.openssl ]}";
          nativeBuildInputs = [ final.makeWrapper ];
          postInstall = "wrapProgram $out/bin/vault --prefix LD_LIBRARY_PATH : ${final.lib.makeLibraryPath [ final.openssl ]}";
          meta.mainProgram = "vault";
        };
      };

      packages = each (
        pkgs: rec {
          default = vault;
          inherit (pkgs.extend self.overlays.default) vault;
        }
      );

      checks = each (pkgs: { test = self.packages.${pkgs.stdenv.hostPlatform.system}.vault.overrideAttrs { name = "vault-tests"; }; });

      devShells = each (
        pkgs: {
          default = pkgs.mkShell {
            packages = [ pkgs.cargo pkgs.rustc ];
            LD_LIBRARY_PATH = nixpkgs.lib.makeLibraryPath [ pkgs.openssl ];
          };
        }
      );
    };
}
