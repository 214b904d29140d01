{
  description = "Stand-in for crane: builds cargo projects, the dependencies apart from the project";

  inputs = { };

  outputs = { ... }: {
    # The functions for one package set: crane.mkLib nixpkgs.legacyPackages.${system}.
    mkLib = pkgs: import ./default.nix { inherit pkgs; };
    overlays.default = _final: _prev: { };
    templates = rec {
      default = quick-start;
      quick-start = {
        description = "A cargo project with its checks";
        path = ./templates/quick-start;
      };
    };
  };
}
