{
  description = "Writes the table of contents of a Markdown page";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
  };

  outputs = { self, nixpkgs, crane }:
    let
      inherit (nixpkgs) lib;
      systems = [ "x86_64-linux" "aarch64-linux" ];
      built = lib.genAttrs systems (system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          craneLib = crane.mkLib pkgs;
          arguments = {
            src = craneLib.cleanCargoSource ./.;
            strictDeps = true;
            postUnpack = ''mkdir -p "$sourceRoot/assets"; echo "mdcontents [--depth LEVEL] [--numbered] [--insert] PAGE" > "$sourceRoot/assets/help.txt"'';
          };
          cargoArtifacts = craneLib.buildDepsOnly arguments;
          withDependencies = more: arguments // { inherit cargoArtifacts; } // more;
        in
        {
          mdcontents = craneLib.buildPackage (withDependencies {
            meta = {
              description = "Writes the table of contents of a Markdown page";
              license = lib.licenses.mit;
              mainProgram = "mdcontents";
            };
          });
          checks = {
            test = craneLib.cargoTest (withDependencies { });
            clippy = craneLib.cargoClippy (withDependencies { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
            fmt = craneLib.cargoFmt { inherit (arguments) src; };
          };
          shell = craneLib.devShell { checks = self.checks.${system}; };
        });
      each = f: lib.mapAttrs (_: f) built;
    in
    {
      packages = each (one: { inherit (one) mdcontents; default = one.mdcontents; });
      apps = each (one: { default = { type = "app"; program = lib.getExe one.mdcontents; }; });
      checks = each (one: one.checks // { inherit (one) mdcontents; });
      devShells = each (one: { default = one.shell; });
    };
}
