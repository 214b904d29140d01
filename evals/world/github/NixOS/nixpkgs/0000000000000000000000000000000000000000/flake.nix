{
  description = "A nixpkgs-compatible package set over the tools of the host, for offline evaluations of crq-agent";

  outputs = { self }:
    let
      lib = import ./lib;
    in
    {
      lib = lib.extend (_final: _prev: {
        trivial = lib.trivial // { versionSuffix = ".${builtins.substring 0 8 (self.lastModifiedDate or "19700101")}.${self.shortRev or "dirty"}"; revisionWithDefault = default: self.rev or default; };
      });

      legacyPackages = lib.genAttrs lib.systems.flakeExposed (system: import ./. { inherit system; });
    };
}
