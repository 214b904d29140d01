{
  description = "Checks records against the messages of a protocol";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      manifest = (lib.importTOML ./Cargo.toml).package;
      each = make: lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: make nixpkgs.legacyPackages.${system} self.packages.${system});
    in
    {
      packages = each (
        pkgs: own: {
          default = own.schema;

          schema = pkgs.rustPlatform.buildRustPackage {
            pname = manifest.name;
            inherit (manifest) version;
            src = ./.;
            cargoLock.lockFile = ./Cargo.lock;
            nativeBuildInputs = [ pkgs.protobuf ];
            env.PROTOC = lib.getExe' pkgs.protobuf "protoc";
            meta = {
              inherit (manifest) description;
              license = lib.licenses.mit;
              mainProgram = "schema";
            };
          };

          descriptor = pkgs.runCommand "schema-descriptor-${manifest.version}" { nativeBuildInputs = [ pkgs.protobuf ]; } ''
            mkdir -p $out/share/schema
            cd ${./proto}
            protoc --proto_path=. --descriptor_set_out=$out/share/schema/protocol.bin *.proto
          '';
        }
      );

      checks = each (
        pkgs: own: {
          test = own.schema.overrideAttrs { pname = "schema-test"; };
          docs = pkgs.runCommand "schema-docs" { nativeBuildInputs = [ own.schema ]; } ''
            schema docs | grep -q Messages
            touch $out
          '';
        }
      );

      devShells = each (
        pkgs: own: {
          default = pkgs.mkShell {
            inputsFrom = [ own.schema ];
            packages = [ pkgs.clippy pkgs.rustfmt ];
          };
        }
      );
    };
}
