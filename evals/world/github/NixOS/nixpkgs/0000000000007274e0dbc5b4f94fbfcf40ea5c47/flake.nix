{
  description = "A nixpkgs-compatible package set over the tools of the host, for offline evaluations of crq-agent";

  outputs = { self }:
    let
      lib = import ./lib;
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs lib.systems.flakeExposed (system: import ./. { inherit system; });
    };
}
