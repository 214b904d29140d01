# A development shell: no product of its own, only an environment. Building it records that environment.
{ lib, stdenv }:
{ name ? "nix-shell"
, packages ? [ ]
, inputsFrom ? [ ]
, buildInputs ? [ ]
, nativeBuildInputs ? [ ]
, propagatedBuildInputs ? [ ]
, propagatedNativeBuildInputs ? [ ]
, ...
}@attrs:
let
  # Inputs of the packages that are to be worked on, but not those packages.
  merge = attr: attrs.${attr} or [ ] ++ lib.subtractLists inputsFrom (lib.flatten (lib.catAttrs attr inputsFrom));
  rest = builtins.removeAttrs attrs [ "name" "packages" "inputsFrom" "buildInputs" "nativeBuildInputs" "propagatedBuildInputs" "propagatedNativeBuildInputs" "shellHook" ];
in
stdenv.mkDerivation ({
  inherit name;
  buildInputs = merge "buildInputs";
  nativeBuildInputs = packages ++ merge "nativeBuildInputs";
  propagatedBuildInputs = merge "propagatedBuildInputs";
  propagatedNativeBuildInputs = merge "propagatedNativeBuildInputs";
  shellHook = lib.concatStringsSep "\n" (lib.catAttrs "shellHook" (lib.reverseList inputsFrom ++ [ attrs ]));
  phases = [ "buildPhase" ];
  buildPhase = ''
    { echo "------------------------------------------------------------";
      echo " WARNING: the existence of this path is not guaranteed.";
      echo " It is an internal implementation detail for pkgs.mkShell.";
      echo "------------------------------------------------------------";
      echo;
      # Record all build inputs as runtime dependencies
      export;
    } >> "$out"
  '';
  preferLocalBuild = true;
} // rest)
