# The crates of registries: one folder of links for each registry, and what cargo is told of it.
{ downloadCargoPackage, lib, runCommandLocal }:
{ cargoConfigs ? [ ], lockPackages, overrideVendorCargoPackage ? _: drv: drv, ... }@args:
let
  hash = builtins.hashString "sha256";
  isRegistry = source: lib.hasPrefix "registry+" source || lib.hasPrefix "sparse+" source;
  index = source: lib.removePrefix "registry+" (lib.removePrefix "sparse+" source);

  byRegistry = builtins.groupBy (pkg: pkg.source) (builtins.filter (pkg: pkg ? checksum && isRegistry (pkg.source or "")) lockPackages);
  folder = packages: runCommandLocal "vendor-registry" { } ''
    mkdir -p $out
    ${lib.concatMapStrings (pkg: "ln -s ${overrideVendorCargoPackage pkg (downloadCargoPackage pkg)} $out/${lib.escapeShellArg "${pkg.name}-${pkg.version}"}\n") packages}
  '';

  # Registries have names in cargo's configuration, by which their sources are replaced.
  public = builtins.head (builtins.attrNames (import ./registry.nix { inherit lib; }).crateRegistries);
  configured =
    if args ? registries then lib.mapAttrs (_: url: [ url ]) args.registries
    else
      let
        named = lib.concatMap (file: lib.mapAttrsToList (name: value: { inherit name value; }) ((builtins.fromTOML (builtins.readFile file)).registries or { })) cargoConfigs;
        withIndex = builtins.filter (entry: entry.value ? index) named;
        known = [ (index public) ] ++ map (entry: index entry.value.index) withIndex;
        missing = builtins.filter (url: !builtins.elem url known) (map (pkg: index pkg.source) (builtins.filter (pkg: pkg ? source && !lib.hasPrefix "git+" pkg.source) lockPackages));
      in
      lib.warnIf (missing != [ ]) ''
        unable to find registry name/url configurations for the registries below:
        ${lib.concatStringsSep "\n" (lib.unique missing)}

        a build with these vendored dependencies is likely to fail. add the registries to .cargo/config.toml at the root of `src` (staged, if
        this is a flake), or give `cargoConfigs` to vendorCargoDeps
      ''
        (lib.mapAttrs (_: map (entry: entry.value.index)) (builtins.groupBy (entry: entry.name) withIndex));

  sourceOf = url: lib.findFirst (source: byRegistry ? ${source}) null [ url "registry+${url}" "sparse+${url}" ];
  replaced = name: urls:
    let used = lib.unique (builtins.filter (url: sourceOf url != null) urls);
    in
    if used == [ ] then ""
    else if builtins.length used > 1 then throw ''
      there are multiple distinct registries configured with the same name.
      please ensure that each unique registry name is used with exactly one registry url.
      ${name} is used with:
      ${lib.concatStringsSep "\n" urls}
    ''
    else ''
      [source.${name}]
      registry = "${builtins.head used}"
      replace-with = "nix-sources-${hash (sourceOf (builtins.head used))}"
    '';
in
{
  sources = lib.mapAttrs' (source: packages: lib.nameValuePair (hash source) (folder packages)) byRegistry;
  config =
    lib.concatMapStrings (source: "[source.nix-sources-${hash source}]\ndirectory = \"${placeholder "out"}/${hash source}\"\n") (builtins.attrNames byRegistry)
    + lib.concatStrings (lib.mapAttrsToList replaced ({ crates-io = [ (index public) ]; } // configured));
}
