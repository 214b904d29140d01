{
  description = "Stand-in for flake-utils: functions over systems, without nixpkgs";

  # The list of systems can be replaced: inputs.flake-utils.inputs.systems.follows = "systems".
  inputs.systems.url = "github:nix-systems/default";

  outputs = { self, systems }: {
    lib = import ./lib.nix { defaultSystems = import systems; };
  };
}
