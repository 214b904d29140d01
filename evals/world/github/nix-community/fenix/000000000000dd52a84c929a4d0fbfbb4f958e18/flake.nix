{
  description = "Rust toolchains by channel and component, over the Rust of the host: a stand-in of github:nix-community/fenix for offline evaluations of crq-agent";

  inputs = {
    nixpkgs.url = "github:nixos/nixpkgs/nixos-unstable";
    rust-analyzer-src = {
      url = "github:rust-lang/rust-analyzer/nightly";
      flake = false;
    };
  };

  outputs = { self, nixpkgs, rust-analyzer-src }:
    let
      inherit (nixpkgs) lib;

      # `packages` may hold derivations only, and fenix has toolchains and functions there: each poses as a derivation, and the derivations of a
      # toolchain stand beside it under names such as `stable.cargo`.
      posing = what: { type = "derivation"; name = "dummy-${what}"; outputName = "dummy-out"; outputs = [ ]; };
      inner = path: lib.concatMapAttrs (name: value:
        let here = path ++ [ name ];
        in if lib.isDerivation value then { ${lib.concatStringsSep "." here} = value; }
        else if lib.isAttrs value then inner here value
        else { });
      package = name: value:
        if lib.isDerivation value then { ${name} = value; }
        else if lib.isFunction value then { ${name} = posing "function" // { __functor = _: value; }; }
        else if name == "targets" then
          { ${name} = posing "attrset" // value; } // lib.genAttrs (map (x: "targets.<triple>.${x}.rust-std") [ "stable" "beta" "latest" ]) (_: posing "rust-std")
        else inner [ name ] value // { ${name} = posing "attrset" // value; };
    in
    {
      packages = lib.genAttrs [ "aarch64-darwin" "aarch64-linux" "i686-linux" "x86_64-darwin" "x86_64-linux" ]
        (system: lib.concatMapAttrs package (import ./. { inherit system lib; pkgs = nixpkgs.legacyPackages.${system}; }));
      overlays.default = import ./overlay.nix;
      overlay = lib.warn "`fenix.overlay` is deprecated; use 'fenix.overlays.default' instead" self.overlays.default;
    };
}
