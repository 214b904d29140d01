# What is said about a package, and finding its program.
{ lib }:
rec {
  addMetaAttrs = new: drv: drv // { meta = drv.meta or { } // new; };
  dontDistribute = addMetaAttrs { hydraPlatforms = [ ]; };
  setName = name: drv: drv // { inherit name; };
  updateName = f: drv: drv // { name = f drv.name; };
  appendToName = suffix: updateName (name: let parsed = builtins.parseDrvName name; in "${parsed.name}-${suffix}-${parsed.version}");
  mapDerivationAttrset = f: builtins.mapAttrs (_: value: if lib.isDerivation value then f value else value);
  setPrio = priority: addMetaAttrs { inherit priority; };
  lowPrio = setPrio 10;
  hiPrio = setPrio (-10);
  lowPrioSet = mapDerivationAttrset lowPrio;
  hiPrioSet = mapDerivationAttrset hiPrio;

  platformMatch = platform: pattern: if builtins.isString pattern then platform.system == pattern else lib.matchAttrs pattern (platform.parsed or platform);
  availableOn = platform: pkg:
    (!pkg ? meta.platforms || builtins.any (platformMatch platform) pkg.meta.platforms)
    && !builtins.any (platformMatch platform) (pkg.meta.badPlatforms or [ ]);

  bySpdxId = default: id: lib.findFirst (l: lib.toLower (l.spdxId or "") == lib.toLower id) default (builtins.attrValues lib.licenses);
  getLicenseFromSpdxId = id: bySpdxId (lib.warn "getLicenseFromSpdxId: No license matches the given SPDX ID: ${id}" { shortName = id; }) id;
  getLicenseFromSpdxIdOr = id: default: bySpdxId default id;

  getExe = pkg: getExe' pkg (pkg.meta.mainProgram or (
    lib.warn "getExe: Package ${lib.strings.escapeNixIdentifier pkg.meta.name or pkg.pname or pkg.name} does not have the meta.mainProgram attribute. We'll assume that the main program has the same name for now, but this behavior is deprecated, because it leads to surprising errors when the assumption does not hold. If the package has a main program, please set `meta.mainProgram` in its definition to make this warning go away. Otherwise, if the package does not have a main program, or if you don't control its definition, use getExe' to specify the name to the program, such as lib.getExe' foo \"bar\"."
      (lib.getName pkg)
  ));
  getExe' = pkg: name:
    assert lib.assertMsg (lib.isDerivation pkg) "lib.meta.getExe': The first argument is of type ${builtins.typeOf pkg}, but it should be a derivation instead.";
    assert lib.assertMsg (builtins.isString name) "lib.meta.getExe': The second argument is of type ${builtins.typeOf name}, but it should be a string instead.";
    assert lib.assertMsg (builtins.length (lib.splitString "/" name) == 1) "lib.meta.getExe': The second argument \"${name}\" is a nested path with a \"/\" character, but it should just be the name of the executable instead.";
    "${lib.getBin pkg}/bin/${name}";
}
