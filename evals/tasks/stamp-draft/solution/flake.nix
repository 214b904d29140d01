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
      each = make: nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: make nixpkgs.legacyPackages.${system});
      build = pkgs: more: (pkgs.callPackage naersk { }).buildPackage ({
        src = ./.;
        STAMP_REVISION = self.shortRev or self.dirtyShortRev or "unknown";
      } // more);
    in
    {
      packages = each (pkgs: rec { stamp = build pkgs { name = "stamp"; meta.mainProgram = "stamp"; }; default = stamp; });
      checks = each (pkgs: { test = build pkgs { name = "stamp-test"; mode = "test"; }; });
      devShells = each (pkgs: { default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc ]; }; });
    };
}
