# The interpreter: a small program that is linked here against the host's libpython, with the host's standard library beside it.
{ lib, pkgs, packageOverrides }:
let
  host = pkgs.hostTools;
  pythonVersion = "3.13";
  sitePackages = "lib/python${pythonVersion}/site-packages";
  drv = pkgs.stdenv.mkDerivation {
    pname = "python3";
    version = "3.13.5";
    dontUnpack = true;
    inherit (host) glibc gcclib;
    buildPhase = ". ${./interpreter.sh}";
    setupHook = ./setup-hook.sh;
    dontInstall = true;
    dontStrip = true;
    dontPatchELF = true;
    dontPatchShebangs = true;
    meta = {
      description = "High-level dynamically-typed programming language";
      license = lib.licenses.psfl;
      mainProgram = "python3";
      platforms = lib.platforms.all;
    };
    passthru = {
      inherit pythonVersion sitePackages;
      sourceVersion = { major = "3"; minor = "13"; patch = "5"; suffix = ""; };
      implementation = "cpython";
      executable = "python3.13";
      libPrefix = "python3.13";
      isPy3 = true;
      isPy3k = true;
      isPy313 = true;
      isPy2 = false;
      isPyPy = false;
      pythonAttr = "python3";
      pythonOlder = lib.versionOlder pythonVersion;
      pythonAtLeast = lib.versionAtLeast pythonVersion;
    };
  };
  python = drv // {
    interpreter = "${drv}/bin/python3.13";
    pythonOnBuildForHost = python;
    pkgs = import ./package-set.nix { inherit lib pkgs python packageOverrides; };
    withPackages = choose: import ./environment.nix { inherit lib pkgs python; } (choose python.pkgs);
    buildEnv = throw "python3.buildEnv: this package set has python3.withPackages alone";
  };
in
python
