{
  description = "Reads frames by the header that their sender was compiled with";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    naersk.url = "github:nix-community/naersk";
    naersk.inputs.nixpkgs.follows = "nixpkgs";
    systems.url = "github:nix-systems/default-linux";
  };

  outputs =
    inputs:
    let
      parts = inputs.nixpkgs.lib.genAttrs (import inputs.systems) (
        system:
        import ./nix {
          pkgs = inputs.nixpkgs.legacyPackages.${system};
          inherit (inputs) naersk;
        }
      );
      all = name: builtins.mapAttrs (_: part: part.${name}) parts;
    in
    {
      packages = all "packages";
      checks = all "checks";
      devShells = all "devShells";
    };
}
