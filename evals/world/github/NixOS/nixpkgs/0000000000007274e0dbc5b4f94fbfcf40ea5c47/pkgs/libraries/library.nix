# A library of the host as a package. `programs` are copied from the library's tree; `tools` is a package whose programs are linked to.
{ lib, pkgs }:
{ pname, version, outputs, description, license, tree ? pname, programs ? [ ], tools ? null, deps ? [ ], mainProgram ? null }:
let
  host = pkgs.hostTools;
in
pkgs.stdenvNoCC.mkDerivation {
  inherit pname version outputs tree programs tools;
  builder = ./library.sh;
  PATH = lib.makeBinPath [ host.coreutils host.gnused host.gnugrep host.findutils host.patchelf ];
  libraryPath = lib.makeLibraryPath deps;
  inherit (host) glibc gcclib;
  meta = { inherit description license; platforms = lib.platforms.all; } // lib.optionalAttrs (mainProgram != null) { inherit mainProgram; };
}
