# craneLib: a scope, so that the toolchain, the stdenv or any of these functions can be replaced for all that use it.
{ lib, newScope, pkgs }:
let
  oldest = "26.05";
  given = lib.concatStringsSep "." (lib.take 2 (lib.splitVersion lib.version));

  scope = self:
    let inherit (self) callPackage; in
    {
      craneLib = self;
      stdenvSelector = p: p.stdenv;

      overrideToolchain = toolchain:
        let chosen = if lib.isFunction toolchain then toolchain pkgs else toolchain;
        in self.overrideScope (_final: _prev: lib.genAttrs [ "cargo" "clippy" "rustc" "rustfmt" ] (_: chosen));

      # ---- sources
      crateNameFromCargoToml = callPackage ./source/names.nix { };
      cleanCargoSource = callPackage ./source/clean.nix { };
      path = callPackage ./source/path.nix { };
      filterCargoSources = callPackage ./source/filter.nix { };
      fileset = callPackage ./source/fileset.nix { };
      findCargoFiles = callPackage ./source/find-cargo-files.nix { };
      mkDummySrc = callPackage ./source/dummy.nix { };
      cleanCargoToml = callPackage ./source/clean-manifest.nix { };
      filters = callPackage ./source/manifest-filters.nix { };
      writeTOML = callPackage ./source/write-toml.nix { };

      # ---- dependencies
      vendorCargoDeps = callPackage ./vendor/cargo-deps.nix { };
      vendorMultipleCargoDeps = callPackage ./vendor/multiple.nix { };
      vendorCargoRegistries = callPackage ./vendor/registries.nix { };
      vendorGitDeps = callPackage ./vendor/git.nix { };
      downloadCargoPackage = callPackage ./vendor/package.nix { };
      downloadCargoPackageFromGit = callPackage ./vendor/git-package.nix { };
      urlForCargoPackage = callPackage ./vendor/url.nix { };
      inherit (import ./vendor/registry.nix { inherit lib; }) registryFromDownloadUrl registryFromGitIndex registryFromSparse crateRegistries;
      appendCrateRegistries = more:
        self.overrideScope (_final: prev: { crateRegistries = lib.foldl (all: one: all // one) prev.crateRegistries more; });

      # ---- derivations that run cargo
      mkCargoDerivation = callPackage ./build/cargo-derivation.nix { };
      buildDepsOnly = callPackage ./build/deps-only.nix { };
      buildPackage = callPackage ./build/package.nix { };
      devShell = callPackage ./build/dev-shell.nix { };
      buildTrunkPackage = throw "buildTrunkPackage: this stand-in for crane has no trunk";
      mkCrossToolchainEnv = _stdenvSelector: { };

      cargoAudit = callPackage ./commands/audit.nix { };
      cargoBuild = callPackage ./commands/build.nix { };
      cargoClippy = callPackage ./commands/clippy.nix { };
      cargoDeny = callPackage ./commands/deny.nix { };
      cargoDoc = callPackage ./commands/doc.nix { };
      cargoDocTest = callPackage ./commands/doc-test.nix { };
      cargoFmt = callPackage ./commands/fmt.nix { };
      cargoNextest = callPackage ./commands/nextest.nix { };
      cargoTest = callPackage ./commands/test.nix { };
      taploFmt = callPackage ./commands/taplo.nix { };
      cargoLlvmCov = throw "cargoLlvmCov: this stand-in for crane has no cargo-llvm-cov";
      cargoTarpaulin = throw "cargoTarpaulin: this stand-in for crane has no cargo-tarpaulin";

      # ---- what their phases have in common
      inherit (callPackage ./hooks { })
        cargoHelperFunctionsHook configureCargoCommonVarsHook configureCargoVendoredDepsHook inheritCargoArtifactsHook installCargoArtifactsHook
        installFromCargoBuildLogHook removeReferencesToRustToolchainHook removeReferencesToVendoredSourcesHook replaceCargoLockHook;
    };
in
lib.warnIf (lib.versionOlder given oldest) "crane requires at least nixpkgs-${oldest}, supplied nixpkgs-${given}" (lib.makeScope newScope scope)
