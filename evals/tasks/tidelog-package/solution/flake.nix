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

        tidelog = nixpkgs.legacyPackages.${system}.buildGoModule {
          pname = "tidelog";
          inherit version;
          src = ./.;
          vendorHash = "sha256-icfRzHCkYdyXGPFS8vPd55GPPr6h/Gsobdpzlzmbf9c=";
          ldflags = [ "-X main.version=${version}" ];
          meta.mainProgram = "tidelog";
        };
      });

      apps = forEachSystem (system: {
        default = {
          type = "app";
          program = "${self.packages.${system}.tidelog}/bin/tidelog";
        };
      });

      checks = forEachSystem (system: { inherit (self.packages.${system}) tidelog; });

      devShells = forEachSystem (system: {
        default = nixpkgs.legacyPackages.${system}.mkShell { inputsFrom = [ self.packages.${system}.tidelog ]; };
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
