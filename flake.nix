{
  description = "Change requests that a machine can check, and an agent that works until real Nix runs prove them";

  inputs.nixpkgs.url = "github:nixos/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEach = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach (pkgs: {
        default = pkgs.callPackage ./nix/package.nix { };
      });

      apps = forEach (pkgs: {
        default = {
          type = "app";
          program = lib.getExe self.packages.${pkgs.stdenv.hostPlatform.system}.default;
          meta.description = "Draft, apply and verify change requests";
        };
      });

      devShells = forEach (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.nodejs_24
            pkgs.git
            pkgs.shellcheck
          ]
          ++ lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.bubblewrap ];
        };
      });

      checks = forEach (
        pkgs:
        let
          package = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
        in
        {
          inherit package;

          help = pkgs.runCommand "crq-agent-help" { nativeBuildInputs = [ package ]; } ''
            crq-agent --help > "$out"
            grep -q apply "$out"
          '';

          setup = pkgs.runCommand "crq-agent-setup-shellcheck" { nativeBuildInputs = [ pkgs.shellcheck ]; } ''
            cd ${lib.fileset.toSource { root = ./.; fileset = ./scripts; }}
            shellcheck -x scripts/setup.sh | tee "$out"
          '';
        }
      );
    };
}
