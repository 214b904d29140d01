{ pkgs, naersk }:
let
  builder = pkgs.callPackage naersk { };

  # Cargo.lock and the sources; the protocol is read by build.rs.
  source = pkgs.lib.fileset.toSource {
    root = ../.;
    fileset = pkgs.lib.fileset.unions [ ../Cargo.toml ../Cargo.lock ../build.rs ../proto ../src ../tests ];
  };

  schema = builder.buildPackage {
    name = "schema";
    src = source;
    nativeBuildInputs = [ pkgs.protobuf ];
    meta.mainProgram = "schema";
  };
in
{
  packages = {
    inherit schema;
    default = schema;
  };

  checks = {
    test = builder.buildPackage { name = "schema-test"; src = source; nativeBuildInputs = [ pkgs.protobuf ]; mode = "test"; };
    docs = pkgs.runCommand "schema-docs" { nativeBuildInputs = [ schema ]; } ''
      schema docs > $out
    '';
  };

  devShells.default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.protobuf ]; };
}
