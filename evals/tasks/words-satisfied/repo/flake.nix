{
  description = "Counts the words of texts";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    naersk = {
      url = "github:nix-community/naersk";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, naersk }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      perSystem = f: nixpkgs.lib.genAttrs systems (system: f system nixpkgs.legacyPackages.${system});
    in
    {
      packages = perSystem (system: pkgs: rec {
        quillcount = (pkgs.callPackage naersk { }).buildPackage {
          name = "quillcount";
          version = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package.version;
          src = ./.;
          doCheck = true;
          meta = {
            description = "Counts the words of texts";
            license = pkgs.lib.licenses.mit;
            mainProgram = "quillcount";
          };
        };
        default = quillcount;
      });

      apps = perSystem (system: _: rec {
        quillcount = {
          type = "app";
          program = "${self.packages.${system}.quillcount}/bin/quillcount";
        };
        default = quillcount;
      });

      checks = perSystem (system: _: { inherit (self.packages.${system}) quillcount; });

      devShells = perSystem (_: pkgs: {
        default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.clippy pkgs.rustfmt ]; };
      });
    };
}
