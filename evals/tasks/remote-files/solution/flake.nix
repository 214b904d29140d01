{
  description = "Which ships may enter";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
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
          pkgs = nixpkgs.legacyPackages.${system};
          # The commit that Cargo.lock names, whole: tidewater-guide reads a file of its repository's root, above its own folder.
          tidewater = builtins.fetchGit {
            url = "https://git.example.org/tidewater/tidewater";
            rev = "05d4bc813fe13654e92e145634baa0779edf53ca";
            allRefs = true;
          };
        in
        {
          default = pkgs.rustPlatform.buildRustPackage {
            pname = "harbor";
            version = "1.4.0";
            src = self;
            cargoLock = {
              lockFile = ./Cargo.lock;
              allowBuiltinFetchGit = true;
            };
            postPatch = "cp ${tidewater}/GUIDE.md $cargoDepsCopy/";
            meta.mainProgram = "harbor";
          };
        }
      );

      checks = each (system: { harbor = self.packages.${system}.default; });
    };
}
