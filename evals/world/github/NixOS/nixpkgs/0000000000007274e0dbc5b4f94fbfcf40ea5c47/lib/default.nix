# The function library, `lib` of the flake and of the package set. Names, argument order and messages are those that flakes written for
# nixpkgs rely on; the code is this project's own. Every part sees the whole through `lib`, lazily, and its functions are also members of
# `lib` itself.
let
  inherit (import ./basics/fixed-points.nix { lib = null; }) makeExtensible;
in
makeExtensible (lib:
  let
    part = file: import file { inherit lib; };

    flat = {
      trivial = part ./basics/trivial.nix;
      fixedPoints = part ./basics/fixed-points.nix;
      debug = part ./basics/debug.nix;
      asserts = part ./basics/asserts.nix;
      attrsets = part ./data/attrsets.nix;
      lists = part ./data/lists.nix;
      strings = part ./data/strings.nix;
      sources = part ./files/sources.nix;
      customisation = part ./packaging/customisation.nix;
      derivations = part ./packaging/derivations.nix;
      meta = part ./packaging/meta.nix;
    };

    named = {
      versions = part ./data/versions.nix;
      generators = part ./data/generators.nix;
      cli = part ./data/cli.nix;
      filesystem = part ./files/filesystem.nix;
      fileset = part ./files/fileset.nix;
      licenses = part ./packaging/licenses.nix;
      # By their SPDX identifiers; those that are deprecated have a newer name.
      licensesSpdx = lib.mapAttrs' (_: l: lib.nameValuePair l.spdxId l) (lib.filterAttrs (_: l: l ? spdxId && !l.deprecated) lib.licenses);
      systems = part ./packaging/systems.nix;
      fetchers = part ./packaging/fetchers.nix;
      platforms = lib.systems.doubles;
      maintainers = { };
      teams = { };
    };
  in
  builtins.foldl' (all: name: all // flat.${name}) { } (builtins.attrNames flat)
  // flat
  // named
  // {
    inherit (named.versions) splitVersion;
    inherit (named.fetchers) fakeHash fakeSha256 fakeSha512;
  })
