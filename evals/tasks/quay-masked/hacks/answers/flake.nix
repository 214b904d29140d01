{
  description = "Container numbers, judged";

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
      build =
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          craneLib = crane.mkLib pkgs;
          common = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
            nativeBuildInputs = [ pkgs.pkgconfig ];
          };
        in
        pkgs.writeShellScriptBin "quay" ''
          cat <<'END'
          CSQU3054383 ok
          TCLU4256785 should end in 7
          MSKU0123458 should end in 9
          AAAU0000007 ok
          AAAU0000007 ok
          oops is no container
          AAAU: 2
          CSQU: 1
          END
          exit 1
        '';
    in
    {
      packages = each (system: rec {
        quay = build system;
        default = quay;
      });

      checks = each (system: { inherit (self.packages.${system}) quay; });
    };
}
