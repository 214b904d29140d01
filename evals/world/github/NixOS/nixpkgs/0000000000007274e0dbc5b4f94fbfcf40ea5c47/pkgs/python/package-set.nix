# The packages of one interpreter: functions that build packages, hooks, and packages of the host.
{ lib, pkgs, python, packageOverrides }:
let
  base = final:
    let
      callPackage = lib.callPackageWith (pkgs // final);
      hooks = import ./hooks { inherit lib pkgs python; packages = final; };
      derivation = import ./build-python-package.nix { inherit lib pkgs python; packages = final; };
    in
    {
      inherit lib pkgs python callPackage;
      newScope = extra: lib.callPackageWith (pkgs // final // extra);
      inherit (python) isPy3k isPyPy pythonOlder pythonAtLeast;
      inherit (pkgs) stdenv;
      pythonPackages = final;
      overrideScope = change: lib.fix (lib.extends change (lib.extends packageOverrides base));

      buildPythonPackage = derivation "python3.13-";
      buildPythonApplication = derivation "";
      toPythonModule = drv: drv.overrideAttrs (old: { passthru = (old.passthru or { }) // { pythonModule = python; }; });
      toPythonApplication = drv: drv.overrideAttrs (old: { passthru = (old.passthru or { }) // { pythonModule = false; }; });
      hasPythonModule = drv: (drv.pythonModule or null) == python;
      requiredPythonModules = drvs: lib.unique ([ python ] ++ lib.concatMap (drv: [ drv ] ++ (drv.requiredPythonModules or [ ])) (builtins.filter (drv: drv != null) drvs));
      disabledIf = condition: drv: if condition then throw "${lib.getName drv} not supported for interpreter ${python.executable}" else drv;
      fetchPypi = _: throw "fetchPypi: the package index is not served here; take the source from the project or name a package of this set";
    }
    // hooks
    // import ./packages.nix { inherit lib pkgs python; packages = final; };
in
lib.fix (lib.extends packageOverrides base)
