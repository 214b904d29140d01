# import nixpkgs { system, config, overlays }: the package set for one system. As in nixpkgs the system of the evaluating machine is the
# default, which a pure evaluation does not know.
{ system ? args.localSystem.system or (if builtins.isString (args.localSystem or null) then args.localSystem else builtins.currentSystem)
, localSystem ? system
, crossSystem ? null
, config ? { }
, overlays ? [ ]
, crossOverlays ? [ ]
, ...
}@args:
import ./pkgs/top-level.nix { inherit system config overlays crossSystem crossOverlays; }
