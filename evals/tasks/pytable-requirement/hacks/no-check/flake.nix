{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs = { self, nixpkgs }:
    let
      forEachSystem = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];
    in
    {
      packages = forEachSystem (system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          default = self.packages.${system}.sluice;

          sluice = pkgs.python3Packages.buildPythonApplication {
            pname = "sluice";
            version = "1.6.0";
            pyproject = true;
            src = ./.;

            build-system = [ pkgs.python3Packages.hatchling ];
            dependencies = [ pkgs.python3Packages.tabulate ];
            pythonImportsCheck = [ "sluice" ];

            meta = {
              description = "Sums up columns of comma-separated tables by group";
              license = nixpkgs.lib.licenses.mit;
              mainProgram = "sluice";
            };
          };
        });

      apps = forEachSystem (system: {
        default = {
          type = "app";
          program = "${self.packages.${system}.sluice}/bin/sluice";
        };
      });

      checks = forEachSystem (system: { sluice = self.packages.${system}.sluice; });

      devShells = forEachSystem (system: {
        default = nixpkgs.legacyPackages.${system}.mkShell { inputsFrom = [ self.packages.${system}.sluice ]; };
      });
    };
}
