{
  description = "Lays a text out on numbered pages";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    naersk = {
      url = "github:nix-community/naersk";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { self, nixpkgs, naersk }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      forAll = f: nixpkgs.lib.genAttrs systems (system: f system nixpkgs.legacyPackages.${system});
      common = {
        src = ./.;
        # What is built from has no .git; the flake knows its revision.
        STAMP_REVISION = self.shortRev or self.dirtyShortRev or "unknown";
      };
    in
    {
      packages = forAll (
        system: pkgs: {
          default = self.packages.${system}.stamp;
          stamp = (pkgs.callPackage naersk { }).buildPackage (common // { name = "stamp"; meta.mainProgram = "stamp"; });
        }
      );

      checks = forAll (
        _: pkgs: {
          test = (pkgs.callPackage naersk { }).buildPackage (common // { name = "stamp-test"; mode = "test"; });
        }
      );

      devShells = forAll (_: pkgs: { default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.clippy pkgs.rustfmt pkgs.git ]; }; });
    };
}
