# A manifest as a value, without what its filter drops. Lists keep their elements, filtered by the same path.
{ filters, lib }:
{ cargoToml ? throw "either cargoToml or cargoTomlContents must be specified"
, cargoTomlContents ? builtins.readFile cargoToml
, cleanCargoTomlFilter ? filters.cargoTomlDefault
}:
let
  clean = path: value:
    if lib.isAttrs value then lib.mapAttrs (name: clean (path ++ [ name ])) (lib.filterAttrs (name: _: cleanCargoTomlFilter (path ++ [ name ])) value)
    else if lib.isList value then map (clean path) value
    else value;
in
clean [ ] (builtins.fromTOML cargoTomlContents)
