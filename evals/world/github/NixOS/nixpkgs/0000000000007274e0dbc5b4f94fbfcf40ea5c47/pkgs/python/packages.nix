# Packages of the host (pure Python, and markupsafe with a module in C): the place of each below the host's dist-packages, and what it imports.
{ lib, pkgs, python, packages }:
let
  l = lib.licenses;
  package = pname: { version, paths, license, description, deps ? [ ], programs ? [ ] }:
    pkgs.stdenvNoCC.mkDerivation {
      name = "python3.13-${pname}-${version}";
      inherit pname version paths programs;
      nativeBuildInputs = [ python packages.wrapPython ];
      propagatedBuildInputs = deps ++ [ python ];
      pythonPath = deps;
      dontUnpack = true;
      dontPatchELF = true;
      strictDeps = true;
      buildPhase = ". ${./package.sh}";
      postFixup = "wrapPythonPrograms";
      installPhase = "true";
      inherit (pkgs.hostTools) glibc gcclib;
      meta = { inherit description license; platforms = lib.platforms.all; } // lib.optionalAttrs (programs != [ ]) { mainProgram = builtins.head programs; };
      passthru = { pythonModule = python; requiredPythonModules = packages.requiredPythonModules deps; };
    };
in
builtins.mapAttrs package {
  setuptools = { version = "78.1.1"; paths = [ "setuptools" "setuptools-*" "pkg_resources" "_distutils_hack" "distutils-precedence.pth" ]; license = l.mit; description = "Utilities to facilitate the installation of Python packages"; };
  wheel = { version = "0.46.1"; paths = [ "wheel" "wheel-*" ]; deps = [ packages.packaging ]; license = l.mit; description = "Built-package format for Python"; };
  flit-core = { version = "3.12.0"; paths = [ "flit_core" "flit_core-*" ]; license = l.bsd3; description = "Distribution-building parts of Flit"; };
  hatchling = { version = "1.27.0"; paths = [ "hatchling" "hatchling-*" ]; deps = [ packages.packaging packages.pathspec packages.pluggy packages.trove-classifiers ]; programs = [ "hatchling" ]; license = l.mit; description = "Modern, extensible Python build backend"; };
  poetry-core = { version = "2.1.2"; paths = [ "poetry" "poetry_core-*" ]; license = l.mit; description = "Core utilities for Poetry"; };
  build = { version = "1.2.2"; paths = [ "build" "build-*" ]; deps = [ packages.packaging packages.pyproject-hooks ]; programs = [ "pyproject-build" ]; license = l.mit; description = "Simple, correct PEP517 package builder"; };
  installer = { version = "0.7.0"; paths = [ "installer" "installer-*" ]; license = l.mit; description = "Low-level library for installing a Python package from a wheel distribution"; };
  pyproject-hooks = { version = "1.2.0"; paths = [ "pyproject_hooks" "pyproject_hooks-*" ]; license = l.mit; description = "Low-level library for calling build-backends in pyproject.toml-based project"; };
  packaging = { version = "25.0"; paths = [ "packaging" "packaging-*" ]; license = [ l.bsd2 l.asl20 ]; description = "Core utilities for Python packages"; };
  pathspec = { version = "0.12.1"; paths = [ "pathspec" "pathspec-*" ]; license = l.mpl20; description = "Utility library for gitignore-style pattern matching of file paths"; };
  pluggy = { version = "1.5.0"; paths = [ "pluggy" "pluggy-*" ]; license = l.mit; description = "Plugin and hook calling mechanisms for Python"; };
  trove-classifiers = { version = "2025.4.28.22"; paths = [ "trove_classifiers" "trove_classifiers-*" ]; programs = [ "trove-classifiers" ]; license = l.asl20; description = "Canonical source for classifiers on PyPI"; };
  iniconfig = { version = "1.1.1"; paths = [ "iniconfig" "iniconfig-*" ]; license = l.mit; description = "Brain-dead simple parsing of ini files"; };
  pytest = { version = "8.3.5"; paths = [ "pytest" "_pytest" "py.py" "pytest-*" ]; deps = [ packages.iniconfig packages.packaging packages.pluggy ]; programs = [ "pytest" ]; license = l.mit; description = "Framework for writing tests"; };
  click = { version = "8.1.8"; paths = [ "click" "click-*" ]; license = l.bsd3; description = "Create beautiful command line interfaces in Python"; };
  tabulate = { version = "0.9.0"; paths = [ "tabulate" "tabulate-*" ]; programs = [ "tabulate" ]; license = l.mit; description = "Pretty-print tabular data"; };
  colorama = { version = "0.4.6"; paths = [ "colorama" "colorama-*" ]; license = l.bsd3; description = "Cross-platform colored terminal text"; };
  tomli-w = { version = "1.0.0"; paths = [ "tomli_w" "tomli_w-*" ]; license = l.mit; description = "Write-only counterpart to Tomli, which is a read-only TOML parser"; };
  attrs = { version = "25.3.0"; paths = [ "attr" "attrs" "attrs-*" ]; license = l.mit; description = "Python attributes without boilerplate"; };
  more-itertools = { version = "10.7.0"; paths = [ "more_itertools" "more_itertools-*" ]; license = l.mit; description = "Expansion of the itertools module"; };
  typing-extensions = { version = "4.13.2"; paths = [ "typing_extensions.py" "typing_extensions-*" ]; license = l.psfl; description = "Backported and Experimental Type Hints for Python 3.8+"; };
  jinja2 = { version = "3.1.6"; paths = [ "jinja2" "jinja2-*" ]; deps = [ packages.markupsafe ]; license = l.bsd3; description = "Very fast and expressive template engine"; };
  markupsafe = { version = "2.1.5"; paths = [ "markupsafe" "MarkupSafe-*" ]; license = l.bsd3; description = "Implements a XML/HTML/XHTML Markup safe string"; };
}
