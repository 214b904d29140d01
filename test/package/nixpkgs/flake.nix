# The world's package set with what nix/package.nix and flake.nix ask of nixpkgs and it lacks: enough to evaluate, nothing to build.
{
  inputs.world.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, world }:
    world
    // {
      legacyPackages = builtins.mapAttrs (
        _: pkgs:
        pkgs.extend (
          final: prev:
          let
            platform = prev.stdenv.hostPlatform;
            named = name: final.runCommand name { meta.mainProgram = name; } "exit 1";
          in
          {
            bubblewrap = named "bubblewrap";
            shellcheck = named "shellcheck";
            # lib/systems of nixpkgs: what Node.js calls a platform.
            stdenv = prev.stdenv // {
              hostPlatform = platform // {
                node = {
                  platform = if platform.isDarwin then "darwin" else "linux";
                  arch = if platform.isAarch64 then "arm64" else "x64";
                };
              };
            };
          }
        )
      ) world.legacyPackages;
    };
}
