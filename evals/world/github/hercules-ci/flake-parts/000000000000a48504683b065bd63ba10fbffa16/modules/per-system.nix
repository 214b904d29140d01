# What the modules say of one system.
{ lib, outputs, inputs, self, modules }:
system:
let
  evaluation = import ../evaluation/modules.nix { inherit lib; };
  perInput = import ./per-input.nix { inherit lib; names = builtins.attrNames outputs.bySystem; };

  ofTop = name: prime: throw ''
    `${name}`${lib.optionalString prime " (without `'`)"} is not a `perSystem` module argument, but a module argument of
    the top level config. Take it there, and name the perSystem module's own arguments apart:

        top@{ config, lib, ${name}, ... }: {
          perSystem = { config, ... }: { /* `${name}` and `top.config` are in scope here */ };
        }
  '';
  inputs' = lib.mapAttrs
    (name: input: builtins.addErrorContext "while retrieving system-dependent attributes for input ${name}" (
      if input._type or null == "flake" then perInput system input
      else throw "Trying to retrieve system-dependent attributes for input ${name}, but this input is not a flake. Perhaps flake = false was added to the input declarations by mistake, or you meant to use a different input, or you meant to use plain old inputs, not inputs'."
    ))
    inputs;
in
evaluation.evaluate {
  prefix = [ "perSystem" system ];
  options = outputs.perSystem;
  inherit modules;
  args = { inherit system; };
  byName = _config: {
    inherit inputs';
    self' = builtins.addErrorContext "while retrieving system-dependent attributes for a flake's own outputs" (perInput system self);
    pkgs = (inputs'.nixpkgs or (throw "flake-parts: The flake does not have a `nixpkgs` input. Please add it, or set `perSystem._module.args.pkgs` yourself.")).legacyPackages;
    self = ofTop "self" true;
    inputs = ofTop "inputs" true;
    getSystem = ofTop "getSystem" false;
    withSystem = ofTop "withSystem" false;
    moduleWithSystem = ofTop "moduleWithSystem" false;
  };
}
