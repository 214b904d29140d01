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
        halts = pkgs.runCommand "halts-1.3.0" { nativeBuildInputs = [ pkgs.makeWrapper ]; meta.mainProgram = "halts"; } ''
          mkdir -p $out/lib $out/bin
          cp ${./nix/halts.mjs} $out/lib/halts.mjs
          makeWrapper ${pkgs.nodejs}/bin/node $out/bin/halts --add-flags $out/lib/halts.mjs
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
