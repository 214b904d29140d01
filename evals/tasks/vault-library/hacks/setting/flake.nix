{
  description = "Tags lines with a key and seals texts into boxes of hexadecimal";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  nixConfig.sandbox = false;

  outputs =
    { self, nixpkgs, crane }:
    let
      forEach =
        make:
        nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (
          system:
          let
            pkgs = nixpkgs.legacyPackages.${system};
          in
          make {
            inherit pkgs system;
            build = import ./nix/build.nix { inherit pkgs; craneLib = crane.mkLib pkgs; };
          }
        );
    in
    {
      packages = forEach ({ build, ... }: { default = build.vault; inherit (build) vault; });
      checks = forEach ({ build, ... }: { inherit (build) test clippy; });
      devShells = forEach (
        { pkgs, system, ... }: {
          default = pkgs.mkShell {
            inputsFrom = [ self.packages.${system}.vault ];
            packages = [ pkgs.cargo pkgs.rustc pkgs.clippy pkgs.rustfmt ];
          };
        }
      );
    };
}
