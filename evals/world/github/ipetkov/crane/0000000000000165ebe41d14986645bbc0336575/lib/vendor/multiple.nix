# The dependencies of several lock files together: config.toml, and a folder for each registry and each git source, named by its hash.
{ lib, runCommandLocal, vendorCargoRegistries, vendorGitDeps }:
{ cargoConfigs ? [ ]
, cargoLockContentsList ? [ ]
, cargoLockList ? [ ]
, cargoLockParsedList ? [ ]
, outputHashes ? { }
, overrideVendorCargoPackage ? _: drv: drv
, overrideVendorGitCheckout ? _: drv: drv
, registries ? null
}:
let
  locks = map builtins.fromTOML (map builtins.readFile cargoLockList ++ cargoLockContentsList) ++ cargoLockParsedList;
  # A package counts once, whatever else two lock files say of it.
  identity = pkg: lib.filterAttrs (name: _: builtins.elem name [ "name" "version" "source" "checksum" ]) pkg;
  lockPackages = lib.unique (map identity (lib.concatMap (lock: lock.package or [ ] ++ lock.patch.unused or [ ]) locks));

  fromRegistries = vendorCargoRegistries ({ inherit cargoConfigs lockPackages overrideVendorCargoPackage; } // lib.optionalAttrs (registries != null) { inherit registries; });
  fromGit = vendorGitDeps { inherit lockPackages outputHashes overrideVendorGitCheckout; };
in
runCommandLocal "vendor-cargo-deps" { } ''
  mkdir -p $out
  cat >$out/config.toml <<'EOF'
  ${fromRegistries.config}${fromGit.config}EOF
  ${lib.concatStrings (lib.mapAttrsToList (hash: folder: "ln -s ${folder} $out/${hash}\n") (fromRegistries.sources // fromGit.sources))}
''
