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

          sluice = pkgs.writeShellScriptBin "sluice" ''
            exec ${pkgs.gawk}/bin/awk -F, 'NR > 1 { if (!($1 in s)) n[++k] = $1; s[$1] += $2; c[$1]++ } END { for (i = 1; i <= k; i++) print n[i] "\t" c[n[i]] "\t" s[n[i]] }'
          '';
        });

      apps = forEachSystem (system: {
        default = {
          type = "app";
          program = "${self.packages.${system}.sluice}/bin/sluice";
        };
      });

      checks = forEachSystem (system: { sluice = self.packages.${system}.sluice; });

      devShells = forEachSystem (system: {
        default = nixpkgs.legacyPackages.${system}.mkShell { packages = [ nixpkgs.legacyPackages.${system}.python3 ]; };
      });
    };
}
