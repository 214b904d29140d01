# Packages as functions: arguments from the set, and changing them afterwards.
{ lib }:
let
  inherit (builtins) attrNames concatStringsSep intersectAttrs isAttrs length mapAttrs removeAttrs;
  inherit (lib) filterAttrs functionArgs isFunction mirrorFunctionArgs optionalAttrs take;
in
rec {
  overrideDerivation = drv: f:
    let new = builtins.derivation (drv.drvAttrs // f drv);
    in lib.flip (extendDerivation (lib.seq drv.drvPath true)) new ({ meta = drv.meta or { }; passthru = drv.passthru or { }; } // drv.passthru or { });

  # The result of `f args`, with `.override` (and, where it is a derivation, an `.overrideAttrs` that keeps `.override`).
  makeOverridable = f:
    mirrorFunctionArgs f (args:
      let
        result = f args;
        merged = new: args // (if isFunction new then new args else new);
        again = new: makeOverridable f (merged new);
        kept = change: makeOverridable (mirrorFunctionArgs f (a: change (f a))) args;
      in
      if isAttrs result then
        result // {
          override = mirrorFunctionArgs f again;
          overrideDerivation = change: kept (x: overrideDerivation x change);
        } // optionalAttrs (result ? overrideAttrs) {
          overrideAttrs = change: kept (x: x.overrideAttrs change);
        }
      else if isFunction result then
        lib.setFunctionArgs result (functionArgs result) // { override = mirrorFunctionArgs f again; }
      else result);

  callPackageWith = auto: fn: args:
    let
      f = if isFunction fn then fn else import fn;
      wanted = functionArgs f;
      all = intersectAttrs wanted auto // args;
      missing = attrNames (filterAttrs (name: optional: !optional && !all ? ${name}) wanted);
      where = name:
        let pos = builtins.unsafeGetAttrPos name wanted;
        in if pos == null then "" else " at ${pos.file}:${toString pos.line}";
      near = name:
        let
          candidates = builtins.sort (a: b: a.distance < b.distance)
            (builtins.filter (x: x.distance <= 2)
              (map (value: { inherit value; distance = lib.levenshtein name value; })
                (builtins.filter (value: let d = builtins.stringLength value - builtins.stringLength name; in d <= 2 && d >= -2) (attrNames (auto // args)))));
          names = map (x: "\"${x.value}\"") (take 3 candidates);
        in
        if names == [ ] then ""
        else if length names == 1 then ", did you mean ${builtins.head names}?"
        else ", did you mean ${concatStringsSep ", " (lib.init names)} or ${lib.last names}?";
      first = builtins.head missing;
    in
    if missing == [ ] then makeOverridable f all
    else abort "lib.customisation.callPackageWith: Function called without required argument \"${first}\"${where first}${near first}";

  callPackagesWith = auto: fn: args:
    let
      f = if isFunction fn then fn else import fn;
      all = intersectAttrs (functionArgs f) auto // args;
      set = f all;
      member = name: makeOverridable (mirrorFunctionArgs f (new: (f new).${name})) all;
    in
    if lib.isDerivation set then throw "function `callPackages` was called on a *single* derivation \"${set.name or "<unknown-name>"}\"; did you mean to use `callPackage` instead?"
    else mapAttrs (name: value: if lib.isDerivation value then member name else value) set;

  # Attributes on every output of a derivation, the derivation itself guarded by a condition.
  extendDerivation = condition: extra: drv:
    let
      outputs = drv.outputs or [ "out" ];
      common = drv // builtins.listToAttrs list // extra // { all = map (x: x.value) list; inherit outputs; };
      list = map
        (name: {
          inherit name;
          value = common // {
            inherit (drv.${name}) type outputName;
            outputSpecified = true;
            drvPath = assert condition; drv.${name}.drvPath;
            outPath = assert condition; drv.${name}.outPath;
          } // optionalAttrs (drv ? passthru) { inherit (drv) passthru; };
        })
        outputs;
    in
    common // {
      drvPath = assert condition; drv.drvPath;
      outPath = assert condition; drv.outPath;
    };

  hydraJob = drv: drv;

  makeScope = newScope: f:
    let
      self = f self // {
        newScope = scope: newScope (self // scope);
        callPackage = self.newScope { };
        overrideScope = g: makeScope newScope (lib.fixedPoints.extends g f);
        packages = f;
      };
    in
    self;
  makeScopeWithSplicing' = { otherSplices, newScope, keep ? _: { }, extra ? _: { } }: { f }: makeScope newScope f;

  # A function like mkDerivation built on another: defaults, and attributes computed from the final ones.
  extendMkDerivation =
    { constructDrv, excludeDrvArgNames ? [ ], extendDrvArgs, transformDrv ? lib.id, excludeFunctionArgNames ? [ ], inheritFunctionArgs ? true }:
    lib.setFunctionArgs
      (fpargs: transformDrv (constructDrv (
        let
          asFunction = if isFunction fpargs then fpargs else _: fpargs;
        in
        final:
        let given = asFunction final;
        in removeAttrs given excludeDrvArgNames // extendDrvArgs final given
      )))
      (removeAttrs (lib.optionalAttrs inheritFunctionArgs (functionArgs constructDrv) // functionArgs (extendDrvArgs { })) excludeFunctionArgNames);

}
