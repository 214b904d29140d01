{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { self, nixpkgs }:
    let perSystem = f: nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: f nixpkgs.legacyPackages.${system} self.packages.${system});
    in {
      packages = perSystem (pkgs: own: {
        brassbook = pkgs.stdenv.mkDerivation {
          pname = "brassbook";
          version = "1.3.0";
          src = ./nix;
          nativeBuildInputs = [ pkgs.makeWrapper ];
          installPhase = ''
            install -Dm755 brass.sh $out/bin/brass
            wrapProgram $out/bin/brass --prefix PATH : ${pkgs.lib.makeBinPath [ pkgs.gawk pkgs.gnugrep pkgs.coreutils ]}
          '';
        };
        default = own.brassbook;
      });
      checks = perSystem (pkgs: _: {
        tests = pkgs.rustPlatform.buildRustPackage { pname = "brassbook-tests"; version = "1.3.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; };
      });
      devShells = perSystem (pkgs: _: { default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc ]; }; });
    };
}
