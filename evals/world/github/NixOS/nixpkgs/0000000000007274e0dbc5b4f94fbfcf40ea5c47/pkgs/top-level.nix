# The package set: one recursive set that overlays extend.
{ system, config, overlays, crossSystem ? null, crossOverlays ? [ ] }:
let
  lib = import ../lib;

  elaborated = lib.systems.elaborate system;
  foreign = crossSystem != null && (lib.systems.elaborate crossSystem).system != elaborated.system;

  allConfig =
    let given = if builtins.isPath config then import config else config;
    in { allowAliases = true; } // (if lib.isFunction given then given { inherit lib pkgs; } else given);

  host = import ./host { inherit (elaborated) system; inherit lib; };
  cc = import ./cc { inherit host lib; inherit (elaborated) system; hostPlatform = elaborated; };
  stdenvs = import ./stdenv { inherit lib host; config = allConfig; inherit (elaborated) system; cc = cc.gcc; };

  base = final: {
    inherit lib overlays;
    config = allConfig;
    path = ../.;
    pkgs = final;
    # Nothing is cross-compiled here, so all of these are the same set.
    buildPackages = final;
    targetPackages = final;
    pkgsBuildBuild = final;
    pkgsBuildHost = final;
    pkgsHostHost = final;
    pkgsHostTarget = final;
    pkgsTargetTarget = final;

    inherit (elaborated) system;
    inherit (stdenvs) stdenv stdenvNoCC;
    hostPlatform = elaborated;
    buildPlatform = elaborated;
    targetPlatform = elaborated;

    callPackage = final.newScope { };
    callPackages = lib.callPackagesWith final;
    newScope = extra: lib.callPackageWith (final // extra);
    makeScopeWithSplicing' = lib.makeScopeWithSplicing' { otherSplices = { }; inherit (final) newScope; };
    extend = overlay: make (overlays ++ [ overlay ]);
    appendOverlays = more: if more == [ ] then final else make (overlays ++ more);
    __splicedPackages = final;
  }
  // import ./host/set.nix { inherit lib host cc; pkgs = final; }
  // import ./build-support { inherit lib; pkgs = final; }
  // import ./libraries { inherit lib; pkgs = final; }
  // import ./rust { inherit lib; pkgs = final; }
  // import ./cargo-tools { pkgs = final; }
  // import ./python { inherit lib; pkgs = final; }
  // import ./node { inherit lib; pkgs = final; }
  // import ./go { inherit lib; pkgs = final; }
  // lib.optionalAttrs allConfig.allowAliases (import ./aliases.nix { inherit lib; pkgs = final; });

  packageOverrides = _final: prev:
    if !(allConfig ? packageOverrides) then { }
    else allConfig.packageOverrides prev;

  make = list: lib.fix (builtins.foldl' (acc: overlay: lib.extends overlay acc) base ([ packageOverrides ] ++ list));
  pkgs = make overlays;
in
if foreign then throw "crossSystem: this package set over the host's tools cannot cross-compile (asked for ${(lib.systems.elaborate crossSystem).system} on ${elaborated.system})"
else if !builtins.isList overlays then throw "The overlays argument to nixpkgs must be a list of functions (final: prev: { … }), but is of type ${builtins.typeOf overlays}"
else pkgs
