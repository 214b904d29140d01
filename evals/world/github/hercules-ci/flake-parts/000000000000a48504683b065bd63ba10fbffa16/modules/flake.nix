# The outputs of the flake: what the modules say of it and, system by system, of perSystem.
{ lib, flakePartsLib }:
{ self, inputs, specialArgs, module, moduleLocation, file }:
let
  evaluation = import ../evaluation/modules.nix { inherit lib; };
  types = import ../evaluation/types.nix { inherit lib; };
  outputs = import ./outputs.nix { inherit lib moduleLocation; };
  later = name: throw "flake-parts: `${name}` is not part of this stand-in for flake-parts";

  top = evaluation.evaluate {
    prefix = [ ];
    options = {
      systems = { type = types.listOf types.string; default = [ ]; };
      perSystem = { type = types.module; default = [ ]; };
      flake = { type = evaluation.submodule { options = outputs.flake; others = types.undeclared; }; default = { }; };
      debug = { type = types.bool // { merge = path: defs: types.bool.merge path defs && later "debug = true"; }; default = false; };
      perInput = { type = types.function // { merge = _path: _defs: later "perInput"; }; default = null; };
      transposition = { type = types.attrsOf types.raw // { merge = _path: _defs: later "transposition"; }; default = { }; };
      processedFlake = { type = types.raw // { merge = _path: _defs: later "processedFlake"; }; default = null; };
      allSystems = { type = types.raw // { merge = _path: _defs: later "allSystems"; }; default = { }; };
    };
    modules = [ { inherit file module; } ];
    args = { inherit self inputs moduleLocation; flake-parts-lib = flakePartsLib; } // specialArgs;
    byName = _config: {
      inherit getSystem withSystem;
      getSystemIgnoreWarning = getSystem;
      moduleWithSystem = later "moduleWithSystem";
    };
    definitions = _config: [ { file = "<flake-parts>"; value.flake = transposed; } ];
  };
  inherit (top) config checked;

  perSystem = import ./per-system.nix { inherit lib outputs self; inputs = self.inputs; modules = config.perSystem; };
  systems = lib.genAttrs config.systems perSystem;
  evaluated = system: systems.${system} or (perSystem system);
  getSystem = system: (evaluated system).checked;
  withSystem = system: f: f (evaluated system).arguments;

  # Nix takes no null for a formatter. Whether there is one is found out without a system, as far as that goes.
  probe = builtins.tryEval (perSystem (throw "the system is not known yet")).checked.formatter;
  formatters = lib.optionalAttrs (!probe.success || probe.value != null) (lib.mapAttrs
    (system: one: if one.checked.formatter != null then one.checked.formatter else throw ''
      flake-parts could not determine statically that no formatter is defined for *all* systems.
      There is none for ${system}: define `perSystem.formatter` for each system, or for none.
    '')
    systems);

  transposed = lib.mapAttrs (name: _: lib.mapAttrs (_system: one: one.checked.${name}) systems) outputs.bySystem // { formatter = formatters; };
in
checked.flake
