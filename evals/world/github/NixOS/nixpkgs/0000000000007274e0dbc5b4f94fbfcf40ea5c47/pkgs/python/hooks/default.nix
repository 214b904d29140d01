# The steps of a Python build. Each is brought in by buildPythonPackage or named among the inputs.
{ lib, pkgs, python, packages }:
let
  hook = name: args: pkgs.makeSetupHook ({
    inherit name;
    substitutions = { pythonInterpreter = "${python}/bin/python3.13"; pythonSitePackages = python.sitePackages; } // args.substitutions or { };
  } // builtins.removeAttrs args [ "substitutions" ]);
in
{
  wrapPython = hook "wrap-python-hook" { propagatedBuildInputs = [ pkgs.makeWrapper ]; substitutions.patcher = ./find-packages.py; } ./wrap.sh;
  pypaBuildHook = hook "pypa-build-hook.sh" { substitutions.buildPath = "${packages.build}/${python.sitePackages}:${packages.pyproject-hooks}/${python.sitePackages}:${packages.packaging}/${python.sitePackages}"; propagatedBuildInputs = [ packages.wheel ]; } ./pypa-build.sh;
  pypaInstallHook = hook "pypa-install-hook" { propagatedBuildInputs = [ packages.installer ]; } ./pypa-install.sh;
  setuptoolsBuildHook = hook "setuptools-build-hook" { propagatedBuildInputs = [ packages.setuptools packages.wheel ]; } ./setuptools-build.sh;
  wheelUnpackHook = hook "wheel-unpack-hook.sh" { propagatedBuildInputs = [ packages.wheel ]; } ./wheel-unpack.sh;
  pythonRuntimeDepsCheckHook = hook "python-runtime-deps-check-hook.sh" { propagatedBuildInputs = [ packages.packaging ]; substitutions.hook = ./runtime-deps.py; } ./runtime-deps.sh;
  pythonRelaxDepsHook = hook "python-relax-deps-hook" { substitutions.hook = ./relax-deps.py; } ./relax-deps.sh;
  pythonOutputDistHook = hook "python-output-dist-hook" { } ./output-dist.sh;
  pythonRemoveTestsDirHook = hook "python-remove-tests-dir-hook" { } ./remove-tests-dir.sh;
  pythonImportsCheckHook = hook "python-imports-check-hook.sh" { } ./imports-check.sh;
  pytestCheckHook = hook "pytest-check-hook" { propagatedBuildInputs = [ packages.pytest ]; } ./pytest-check.sh;
  unittestCheckHook = hook "unittest-check-hook" { } ./unittest-check.sh;
  venvShellHook = throw "venvShellHook: a virtual environment would want packages from the index, which is not served here; use python3.withPackages";
}
