# Modules as sets, functions or files, with their imports; and the values of options that are declared here, not by them.
{ lib }:
let
  show = import ./show.nix { inherit lib; };
  types = import ./types.nix { inherit lib; };

  # One module without its imports: { file; config; }, and the imports. A file is taken once.
  load = { args, byName, prefix }:
    let
      call = file: module:
        let
          wanted = lib.mapAttrs (name: _: builtins.addErrorContext "while evaluating the module argument `${name}' in \"${file}\":" (args.${name} or byName.${name})) (lib.functionArgs module);
        in
        module (args // wanted);
      go = { seen, found }: { file, module }:
        if builtins.isPath module || builtins.isString module then
          let key = toString module;
          in if builtins.elem key seen then { inherit seen found; } else go { seen = seen ++ [ key ]; inherit found; } { file = key; module = import module; }
        else if lib.isFunction module then go { inherit seen found; } { inherit file; module = call file module; }
        else if !builtins.isAttrs module then throw "module ${file} (${builtins.typeOf module}) does not look like a module."
        else
          let
            own = module._file or file;
            control = [ "_class" "_file" "config" "disabledModules" "imports" "key" "options" ];
            stray = removeAttrs module control;
            config =
              if !(module ? config) && !(module ? options) then stray
              else if stray != { } then throw "Module `${own}' has an unsupported attribute `${builtins.head (builtins.attrNames stray)}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them (namely: ${toString (builtins.attrNames stray)}) into the explicit `config' attribute."
              else if module.options or { } != { } then throw "Module `${own}' declares the option `${show.option (prefix ++ [ (builtins.head (builtins.attrNames module.options)) ])}': this stand-in for flake-parts knows the options of flake outputs only"
              else if module ? disabledModules then throw "Module `${own}' disables modules, which this stand-in for flake-parts cannot do"
              else module.config or { };
          in
          builtins.foldl' go { inherit seen; found = found ++ [ { file = own; inherit config; } ]; } (map (each: { file = own; module = each; }) (module.imports or [ ]));
    in
    modules: (builtins.foldl' go { seen = [ ]; found = [ ]; } modules).found;

  near = prefix: known: name:
    let
      names = lib.take 3 (lib.sortOn (lib.levenshtein name) known);
      quoted = map (each: "`${show.option (prefix ++ [ each ])}'") names;
    in
    if names == [ ] then ""
    else "\n\nDid you mean ${if builtins.length names == 1 then builtins.head quoted else "${lib.concatStringsSep ", " (lib.init quoted)} or ${lib.last quoted}"}?";

  refuse = prefix: known: name: defs:
    throw "The option `${show.option (prefix ++ [ name ])}' does not exist. Definition values:${show.definitions [ (builtins.head defs) ]}${near prefix known name}";
in
rec {
  # options: NAME = { type; default?; }. Definitions are { file; value; } with sets of values. With `others`, a type, any name may be defined.
  # Gives the values as `config`, and as `checked` those that throw when something unknown is defined.
  values = { prefix, options, others ? null, definitions }:
    let
      byName = builtins.zipAttrsWith (_: defs: defs) (map (def: lib.mapAttrs (_: value: { inherit (def) file; inherit value; }) def.value) definitions);
      unknown = removeAttrs byName (builtins.attrNames options);
      first = builtins.head (builtins.attrNames unknown);
      config = lib.mapAttrs
        (name: option:
          if byName ? ${name} then types.join option.type (prefix ++ [ name ]) byName.${name}
          else option.default or (throw "The option `${show.option (prefix ++ [ name ])}' was accessed but has no value defined. Try setting the option."))
        options
        // lib.optionalAttrs (others != null) (lib.mapAttrs (name: types.join others (prefix ++ [ name ])) unknown);
    in
    {
      inherit config;
      checked = if others == null && unknown != { } then refuse prefix (lib.remove "_module" (builtins.attrNames options)) first unknown.${first} else config;
    };

  # The options' values from modules. `args` reach every function; `byName` those that ask for them, and `_module.args` may replace or add to these.
  evaluate = { prefix, options, modules, args, byName, definitions ? _config: [ ] }:
    let
      own = (result.config)._module.args or { };
      found = load {
        inherit prefix;
        args = args // { inherit lib; inherit (result) config; options = throw "the module argument `options' is not part of this stand-in for flake-parts"; };
        byName = byName result.config // own;
      } modules;
      result = values {
        inherit prefix;
        options = options // { _module = { type = moduleSettings; default = { args = { }; }; }; };
        definitions = map (module: { inherit (module) file; value = module.config; }) found ++ definitions result.config;
      };
    in
    result // { arguments = byName result.config // own // args // { inherit (result) config; }; };

  moduleSettings = {
    description = "module settings";
    check = builtins.isAttrs;
    merge = path: defs: (values {
      prefix = path;
      options.args = { type = types.attrsOf types.raw; default = { }; };
      definitions = defs;
    }).checked;
  };

  # A set with options of its own, as a type.
  submodule = { description ? "submodule", options, others ? null }: {
    inherit description;
    check = builtins.isAttrs;
    merge = path: defs: (values { prefix = path; inherit options others; definitions = defs; }).checked;
  };
}
