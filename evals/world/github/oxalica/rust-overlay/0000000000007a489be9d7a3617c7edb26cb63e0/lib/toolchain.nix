# The components and profiles of one release, as derivations.
{ lib, pkgs }:
let
  host = pkgs.stdenv.hostPlatform.rust.rustcTarget;
  aggregate = pkgs.callPackage ./aggregate.nix { };

  # { NAME = derivation } of a release for one target, short names included.
  componentsFor = manifest: target:
    let
      component = name: pkgs.hostRustComponent {
        component = name;
        inherit target;
        inherit (manifest) version;
        release = manifest.version;
        name = "${name}-${manifest.version}-${target}";
        mainProgram = if lib.elem name [ "rustc" "rustfmt-preview" "rust-analyzer-preview" "cargo" ] then lib.removeSuffix "-preview" name else null;
        passthru.platform = target;
      };
      own = lib.mapAttrs (name: _: component name) (lib.filterAttrs (_: { targets }: lib.elem target targets || lib.elem "*" targets) manifest.pkg);
    in
    own // lib.mapAttrs (_: to: own.${to}) (lib.filterAttrs (_: to: own ? ${to}) manifest.renames);
in
manifest:
let
  sets = lib.genAttrs manifest.platforms (componentsFor manifest);
  resolve = import ./resolve.nix { inherit lib host sets manifest; };

  profile = name: wanted: lib.makeOverridable
    ({ extensions, targets, targetExtensions, enableLibsecret }: aggregate {
      pname = "rust-${name}";
      inherit (manifest) version;
      availableComponents = sets.${host};
      selectedComponents = resolve { inherit name wanted extensions targets targetExtensions; };
    })
    { extensions = [ ]; targets = [ ]; targetExtensions = [ ]; enableLibsecret = false; };

  profiles = lib.mapAttrs profile manifest.profiles;
  legacy = profile "legacy" [ "rust" ];
  warned = builtins.trace ''
    Rust ${manifest.version}:
    Pre-aggregated package `rust` is not encouraged for stable channel since it contains almost all and uncertain components.
    Consider use `default` profile like `rust-bin.stable.latest.default` and override it with extensions you need.
    See README for more information.
  '' legacy;
in
# A release that this platform never had is left without components, so that `toolchain ? default` tells.
lib.optionalAttrs (sets ? ${host}) (sets.${host} // profiles // { rust = if profiles != { } then warned else legacy; })
// { _components = sets; _profiles = profiles; _version = manifest.version; _manifest = manifest; }
