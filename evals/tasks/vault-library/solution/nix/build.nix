# The dependencies are compiled once; the program, its tests and clippy stand on that.
{ pkgs, craneLib }:
let
  source = {
    src = craneLib.cleanCargoSource ../.;
    strictDeps = true;
    # openssl-sys, a dependency, asks for these as our own build.rs does.
    nativeBuildInputs = [ pkgs.pkg-config ];
    buildInputs = [ pkgs.openssl pkgs.zlib ];
  };

  program = source // {
    cargoArtifacts = craneLib.buildDepsOnly source;
  };
in
{
  vault = craneLib.buildPackage (program // { doCheck = false; meta.mainProgram = "vault"; });
  test = craneLib.cargoTest program;
  clippy = craneLib.cargoClippy (program // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
}
