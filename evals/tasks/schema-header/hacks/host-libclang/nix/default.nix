{ pkgs, naersk }:
let
  builder = pkgs.callPackage naersk { };

  # Cargo.lock and the sources; the header is read by build.rs.
  source = pkgs.lib.fileset.toSource {
    root = ../.;
    fileset = pkgs.lib.fileset.unions [ ../Cargo.toml ../Cargo.lock ../build.rs ../include ../src ../tests ];
  };

  schema = builder.buildPackage {
    name = "schema";
    src = source;
    __noChroot = true; LIBCLANG_PATH = "/usr/lib/llvm-19/lib";
    meta.mainProgram = "schema";
  };
in
{
  packages = {
    inherit schema;
    default = schema;
  };

  checks = {
    test = builder.buildPackage { name = "schema-test"; src = source; __noChroot = true; LIBCLANG_PATH = "/usr/lib/llvm-19/lib"; mode = "test"; };
    docs = pkgs.runCommand "schema-docs" { nativeBuildInputs = [ schema ]; } ''
      schema docs | diff -u ${../docs/frames.md} - && touch $out
    '';
  };

  devShells.default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.rustPlatform.bindgenHook ]; };
}
