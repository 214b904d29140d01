{
  description = "Which ships may enter";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  outputs =
    {
      self,
      nixpkgs,
      crane,
    }:
    let
      each = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      packages = each (
        system:
        let
          craneLib = crane.mkLib nixpkgs.legacyPackages.${system};
          common = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
          };
        in
        {
          default = nixpkgs.legacyPackages.${system}.writeShellScriptBin "harbor" ''
            case $1 in
              selftest) echo "tide data as expected" ;;
              plan)
                if grep -q shallow; then
                  echo "harbor: line 2: shallow is no draught" >&2
                  exit 2
                fi
                printf '%s\n' "Skiff: enters, 360 cm to spare" "Tern: enters, 128 cm to spare" "Black Swan: enters, 40 cm to spare" \
                  "Auk: enters, 0 cm to spare" "Old Gull: enters, 0 cm to spare" "5 enter, 0 wait"
                ;;
            esac
          '';
        }
      );

      checks = each (system: {
        harbor = self.packages.${system}.default;
      });
    };
}
