# Setup hooks: shell functions and steps that a package brings into the build of another.
{ lib, pkgs }:
let
  inherit (pkgs) makeSetupHook;
in
rec {
  makeWrapper = makeSetupHook { name = "make-shell-wrapper-hook"; substitutions.shell = pkgs.runtimeShell; } ./make-wrapper.sh;
  makeShellWrapper = makeWrapper;
  # The original makes small binaries of the same effect; here both are shell scripts.
  makeBinaryWrapper = makeWrapper;
  installShellFiles = makeSetupHook { name = "install-shell-files"; } ./install-shell-files.sh;
  autoPatchelfHook = makeSetupHook { name = "auto-patchelf-hook"; substitutions = { inherit (pkgs) glibc; gcclib = pkgs.libgcc; }; } ./auto-patchelf.sh;
  removeReferencesTo = makeSetupHook { name = "remove-references-to"; } ./remove-references-to.sh;
  writableTmpDirAsHomeHook = makeSetupHook { name = "writable-tmpdir-as-home-hook"; } ./writable-home.sh;
  versionCheckHook = makeSetupHook { name = "version-check-hook"; } ./version-check.sh;
}
