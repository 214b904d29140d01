# buildPythonPackage and buildPythonApplication: a source with a build backend in, a wheel built and installed without network out.
{ lib, pkgs, python, packages }:
namePrefix:
let
  # Words that only this function knows.
  own = [
    "pyproject" "format" "build-system" "dependencies" "optional-dependencies" "disabled" "doCheck" "checkInputs" "nativeCheckInputs" "catchConflicts"
    "pythonPath" "dontWrapPythonPrograms" "stdenv" "removeBinBytecode"
  ];
  transform = attrs:
    let
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      pyproject = attrs.pyproject or null;
      format =
        if pyproject != null && attrs ? format then throw "${name}: give `pyproject` or `format`, not both"
        else if pyproject != null then (if pyproject then "pyproject" else "other")
        else attrs.format or (throw "${name} does not configure a `format`. To build with setuptools as before, set `pyproject = true` and `build-system = [ setuptools ]`.");
      isPyproject = format == "pyproject";
      known = [ "pyproject" "other" "setuptools" "wheel" ];
      dependencies = attrs.dependencies or [ ];
      propagated = attrs.propagatedBuildInputs or [ ] ++ dependencies;
      # What was built for another interpreter would never be found.
      foreign = builtins.filter (drv: (drv.pythonModule or null) != null && drv ? pythonModule && drv.pythonModule != false && drv.pythonModule != python) (propagated ++ attrs.build-system or [ ]);
      applications = builtins.filter (drv: (drv.pythonModule or null) == false) propagated;
      doCheck = attrs.doCheck or true;
      relaxes = attrs ? pythonRelaxDeps || attrs ? pythonRemoveDeps;
    in
    if attrs.disabled or false then throw "${name} not supported for interpreter ${python.executable}"
    else if !builtins.elem format known then throw "${name}: format ${format} is not built here (pyproject, setuptools, wheel, other)"
    else if foreign != [ ] then throw "Python version mismatch in '${name}': a dependency is built for another interpreter than ${python.executable}: ${lib.concatMapStringsSep ", " lib.getName foreign}"
    else if applications != [ ] then throw "Expected a Python module in the dependencies of '${name}', and ${lib.concatMapStringsSep ", " lib.getName applications} is an application"
    else
      builtins.removeAttrs attrs own // {
        name = namePrefix + name;
        outputs = attrs.outputs or [ "out" ] ++ lib.optional (isPyproject || format == "setuptools") "dist";
        strictDeps = attrs.strictDeps or true;
        nativeBuildInputs = [ python packages.wrapPython packages.pythonRemoveTestsDirHook ]
          ++ lib.optional relaxes packages.pythonRelaxDepsHook
          ++ lib.optionals isPyproject [ packages.pypaBuildHook packages.pythonRuntimeDepsCheckHook ]
          ++ lib.optionals (format == "setuptools") [ packages.setuptoolsBuildHook packages.pythonRuntimeDepsCheckHook ]
          ++ lib.optional (format == "wheel") packages.wheelUnpackHook
          ++ lib.optionals (format != "other") [ packages.pypaInstallHook ]
          ++ lib.optional (isPyproject || format == "setuptools") packages.pythonOutputDistHook
          ++ [ packages.pythonImportsCheckHook ]
          ++ attrs.build-system or [ ] ++ attrs.nativeBuildInputs or [ ];
        buildInputs = attrs.buildInputs or [ ] ++ attrs.pythonPath or [ ];
        propagatedBuildInputs = propagated ++ [ python ];
        pythonPath = propagated ++ attrs.pythonPath or [ ];
        # A Python package is tested as it is installed.
        doCheck = false;
        doInstallCheck = doCheck;
        nativeInstallCheckInputs = attrs.nativeCheckInputs or [ ] ++ attrs.nativeInstallCheckInputs or [ ];
        installCheckInputs = attrs.checkInputs or [ ] ++ attrs.installCheckInputs or [ ];
        LANG = attrs.LANG or "C.UTF-8";
        dontStrip = attrs.dontStrip or true;
        postFixup = lib.optionalString (!(attrs.dontWrapPythonPrograms or false)) "wrapPythonPrograms\n"
          + lib.optionalString (attrs.removeBinBytecode or true) "rm -rf \"$out/bin/__pycache__\"\n"
          + attrs.postFixup or "";
        meta = { platforms = python.meta.platforms; isBuildPythonPackage = python.meta.platforms; } // attrs.meta or { };
        passthru = {
          inherit dependencies;
          build-system = attrs.build-system or [ ];
          optional-dependencies = attrs.optional-dependencies or { };
          pythonModule = if namePrefix == "" then false else python;
          requiredPythonModules = packages.requiredPythonModules propagated;
        } // attrs.passthru or { };
      };
  build = given:
    let
      drv = pkgs.stdenv.mkDerivation (if lib.isFunction given then final: transform (given final) else transform given);
    in
    drv // {
      overridePythonAttrs = change:
        if lib.isFunction given then build (final: let old = given final; in old // (if lib.isFunction change then change old else change))
        else build (given // (if lib.isFunction change then change given else change));
    };
in
build
