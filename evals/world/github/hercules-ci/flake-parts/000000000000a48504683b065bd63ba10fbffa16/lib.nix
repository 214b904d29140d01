# flake-parts.lib: mkFlake, and refusals of what declares options of its own.
{ lib }:
let
  example = ''
    For example:

        outputs = inputs@{ flake-parts, ... }:
          flake-parts.lib.mkFlake { inherit inputs; } { /* module */ };

    Pass the arguments of `outputs` themselves: `self.inputs` leads to an infinite recursion.
  '';
  absent = name: throw "flake-parts.lib.${name}: this stand-in for flake-parts cannot declare options, since its library has no module system";

  flakePartsLib = {
    mkFlake = args: module:
      let
        self = args.self or args.inputs.self or (throw "When invoking flake-parts, you must pass all the flake output arguments,\nand not just `self.inputs`.\n\n${example}");
        at = builtins.unsafeGetAttrPos "inputs" args;
      in
      if !(args ? self) && !(args ? inputs) then throw "When invoking flake-parts, you must pass in the flake output arguments.\n\n${example}"
      else lib.warnIf (!(args ? inputs)) "When invoking flake-parts, it is recommended to pass all the flake output\narguments in the `inputs` parameter.\n\n${example}" import ./modules/flake.nix { inherit lib flakePartsLib; } {
        inherit self module;
        inputs = args.inputs or self.inputs;
        specialArgs = args.specialArgs or { };
        moduleLocation = args.moduleLocation or "${self.outPath}/flake.nix";
        # Where definitions are said to be.
        file = args.moduleLocation or (if at != null then at.file else "<mkFlake argument>");
      };

    # The default module of a flake, for lists of imports.
    defaultModule = given: if given._type or null == "flake" then given.flakeModules.default or given else given;
    # A module of a file that is a function of something else first.
    importApply = file: staticArgs: { _file = toString file; imports = [ (import file staticArgs) ]; };
  } // lib.genAttrs [
    "attrsWith" "deferredModuleWith" "evalFlakeModule" "importAndPublish" "memoizeStr" "mkAliasOptionModule" "mkDeferredModuleOption" "mkDeferredModuleType"
    "mkPerSystemOption" "mkPerSystemType" "mkSubmoduleOptions" "mkTransposedPerSystemModule"
  ] absent;
in
flakePartsLib
