# What an option takes and how its definitions are joined: { description; check; merge; }. A definition is { file; value; }.
{ lib }:
let
  show = import ./show.nix { inherit lib; };
  one = message: path: defs:
    if builtins.length defs == 1 then (builtins.head defs).value
    else throw "The option `${show.option path}' is defined multiple times while it's expected to be unique.\n${message}\nDefinition values:${show.definitions defs}";
in
rec {
  # The value of an option from its definitions.
  join = type: path: defs:
    let wrong = builtins.filter (def: !type.check def.value) defs;
    in
    if wrong != [ ] then throw "A definition for option `${show.option path}' is not of type `${type.description}'. ${lib.optionalString (type.ofParts or false) "TypeError: "}Definition values:${show.definitions wrong}"
    else type.merge path defs;

  raw = { description = "raw value"; check = _: true; merge = one ""; };
  # For outputs without an option of their own.
  undeclared = raw // {
    merge = one ''
      No option has been declared for this flake output attribute, so its definitions can't be merged automatically.
      Define it once, in a single module; or see whether its name is spelled correctly.
    '';
  };
  package = { description = "package"; check = v: lib.isDerivation v || lib.isStorePath v; merge = one ""; };
  nullOr = type: {
    description = "null or ${type.description}";
    check = v: v == null || type.check v;
    merge = path: defs: if builtins.all (def: def.value == null) defs then null else join type path defs;
  };
  bool = { description = "boolean"; check = builtins.isBool; merge = one ""; };
  string = { description = "string"; check = builtins.isString; merge = one ""; };
  listOf = type: {
    description = "list of ${type.description}";
    ofParts = true;
    check = builtins.isList;
    merge = path: defs: builtins.concatLists (lib.imap1
      (d: def: lib.imap1 (e: value: join type (path ++ [ "[definition ${toString d}-entry ${toString e}]" ]) [ { inherit (def) file; inherit value; } ]) def.value)
      defs);
  };
  attrsOf = type: {
    description = "lazy attribute set of ${type.description}";
    ofParts = true;
    check = builtins.isAttrs;
    merge = path: defs: builtins.zipAttrsWith (name: join type (path ++ [ name ])) (map (def: lib.mapAttrs (_: value: { inherit (def) file; inherit value; }) def.value) defs);
  };
  function = { description = "function that evaluates to a(n) lazy attribute set"; check = lib.isFunction; merge = _path: defs: defs; };
  # Checked where it is applied: `nix flake check` wants a function of two names, and no more.
  overlay =
    let applied = { description = "function that evaluates to a(n) function"; check = lib.isFunction; merge = one ""; };
    in raw // { merge = path: defs: final: prev: join applied path defs final prev; };
  # A module that is evaluated later, once for each system.
  module = {
    description = "module";
    check = v: builtins.isAttrs v || lib.isFunction v || builtins.isPath v;
    merge = path: map (def: { file = "${def.file}, via option ${show.option path}"; module = def.value; });
  };
  program = {
    description = "string or package convertible to it";
    check = v: builtins.isString v || lib.isDerivation v;
    merge = path: defs: let v = one "" path defs; in if lib.isDerivation v then lib.getExe v else v;
  };
}
