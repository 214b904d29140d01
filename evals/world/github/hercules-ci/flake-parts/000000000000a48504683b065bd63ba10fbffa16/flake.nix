{
  description = "Stand-in for flake-parts: flake outputs from modules, each system's once";

  inputs.nixpkgs-lib.url = "github:nix-community/nixpkgs.lib";

  outputs = { nixpkgs-lib, ... }: {
    lib = import ./lib.nix { inherit (nixpkgs-lib) lib; };
    flakeModules = nixpkgs-lib.lib.genAttrs [ "bundlers" "easyOverlay" "flakeModules" "modules" "partitions" "touchup" ]
      (name: throw "flakeModules.${name}: not part of this stand-in for flake-parts");
    templates.default = {
      description = "A minimal flake with flake-parts";
      path = ./templates/default;
    };
  };
}
