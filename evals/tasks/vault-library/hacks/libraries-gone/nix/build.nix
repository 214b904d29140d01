# The dependencies are compiled once; the program, its tests and clippy stand on that.
{ pkgs, craneLib }:
let
  source = {
    src = craneLib.cleanCargoSource ../.;
    strictDeps = true;
  };

  dependencies = craneLib.buildDepsOnly source;

  # What our own build.rs asks for.
  program = source // {
    cargoArtifacts = dependencies;
    nativeBuildInputs = [ pkgs.pkg-config ];
    buildInputs = [ pkgs.zlib ];
  };
in
{
  vault = craneLib.buildPackage (program // { doCheck = false; meta.mainProgram = "vault"; });
  test = craneLib.cargoTest program;
  clippy = craneLib.cargoClippy (program // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
}
