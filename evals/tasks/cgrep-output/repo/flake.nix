{
  description = "Prints the lines that hold a pattern";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [ "x86_64-linux" ];
      perSystem = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system} self.packages.${system});
    in
    {
      packages = perSystem (pkgs: own: {
        sift = pkgs.stdenv.mkDerivation {
          pname = "sift";
          version = "2.1";
          src = ./.;
          doCheck = true;
          makeFlags = [ "PREFIX=${placeholder "out"}" ];
          meta = {
            description = "Prints the lines that hold a pattern";
            mainProgram = "sift";
          };
        };
      });

      apps = perSystem (_: own: {
        default = { type = "app"; program = lib.getExe own.sift; };
      });

      checks = perSystem (_: own: { inherit (own) sift; });

      devShells = perSystem (pkgs: own: {
        default = pkgs.mkShell { inputsFrom = [ own.sift ]; packages = [ pkgs.gnumake ]; };
      });
    };
}
