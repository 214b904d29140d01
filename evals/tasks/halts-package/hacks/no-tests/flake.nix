{
  description = "Departures and rides out of a plain timetable";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [ "x86_64-linux" "aarch64-linux" ];
      perSystem = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system} self.packages.${system});
    in
    {
      packages = perSystem (pkgs: own: {
        halts = pkgs.buildNpmPackage {
          pname = "halts";
          version = "1.3.0";
          src = ./.;
          npmDepsHash = "sha256-EtxoL3/lP7v33xKVT5j73quHwLe3IQtbPfn+b3CmguE=";
          doCheck = false;
          meta = { description = "Departures and rides out of a plain timetable"; license = lib.licenses.mit; mainProgram = "halts"; };
        };
        default = own.halts;
      });

      apps = perSystem (_: own: {
        default = { type = "app"; program = lib.getExe own.halts; };
      });

      checks = perSystem (_: own: { inherit (own) halts; });

      devShells = perSystem (pkgs: _: {
        default = pkgs.mkShell { packages = [ pkgs.nodejs ]; };
      });
    };
}
