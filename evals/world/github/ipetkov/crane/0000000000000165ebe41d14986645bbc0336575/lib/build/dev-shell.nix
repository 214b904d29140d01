# A shell with the toolchain, and with the inputs of what it is given as checks.
{ cargo, clippy, mkShell, rustc, rustfmt }:
{ checks ? { }, inputsFrom ? [ ], packages ? [ ], ... }@args:
mkShell (removeAttrs args [ "checks" "inputsFrom" "nativeBuildInputs" ] // {
  inputsFrom = builtins.attrValues checks ++ inputsFrom;
  packages = [ rustc cargo clippy rustfmt ] ++ packages;
})
