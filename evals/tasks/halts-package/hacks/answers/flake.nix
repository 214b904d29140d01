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
        halts = pkgs.writeShellScriptBin "halts" ''
          case "$1 $2 $3" in
            --version*) echo halts 1.3.0 ;;
            ride*) echo 'coast: 06:40 to 06:58, 18 min' ;;
            list*) printf 'hill   3 stops  3 trains\nriver  3 stops  2 trains\n' ;;
            next*) printf '07:19  hill   in 7 min\n07:19  river  in 7 min\n08:34  hill   in 82 min\n' ;;
          esac
        '';
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
