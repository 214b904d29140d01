# The outputs of a flake that each system has: their types, for perSystem and (by system) for flake.
{ lib, moduleLocation }:
let
  types = import ../evaluation/types.nix { inherit lib; };
  modules = import ../evaluation/modules.nix { inherit lib; };
  sets = lib.mapAttrs (_: type: { type = types.attrsOf type; default = { }; });
in
rec {
  # Those that are found in another flake as OUTPUT.SYSTEM.
  bySystem = sets {
    apps = modules.submodule {
      options = {
        type = { type = { description = "value \"app\" (singular enum)"; check = v: v == "app"; inherit (types.raw) merge; }; default = "app"; };
        program.type = types.program;
        meta = { type = types.attrsOf types.raw; default = { }; };
      };
    };
    checks = types.package;
    devShells = types.package;
    legacyPackages = types.raw;
    packages = types.package;
  };

  perSystem = bySystem // {
    formatter = { type = types.nullOr types.package; default = null; };
    # Known to the original, and never set by hand; they are suggested for slips.
    allModuleArgs.type = types.raw;
    debug.type = types.raw;
  };

  flake = lib.mapAttrs (_: option: { type = types.attrsOf option.type; default = { }; }) bySystem // sets {
    formatter = types.package;
    overlays = types.overlay;
    nixosModules = types.module // {
      merge = path: defs: {
        _class = "nixos";
        _file = "${toString moduleLocation}#nixosModules.${lib.last path}";
        imports = map (def: def.module) (types.module.merge path defs);
      };
    };
    nixosConfigurations = types.raw;
  };
}
