# pkgs.callPackage naersk { } gives { buildPackage }. The toolchain can be replaced: callPackage naersk { cargo = …; rustc = …; }.
{ lib, stdenv, cargo, rustc, clippy, fetchurl, jq, runCommandLocal, zstd, pkgs }:
let
  tools = { inherit lib stdenv cargo rustc clippy fetchurl jq runCommandLocal zstd; };
  build = import ./build.nix tools;
in
{
  buildPackage = arg:
    let
      plan = import ./plan.nix { inherit lib pkgs; } arg;
      vendored = import ./vendor.nix tools { inherit (plan) lock additionalLock cratesDownloadUrl gitAllRefs gitSubmodules; };
      common = plan.build // { inherit vendored; inherit (plan) version userAttrs crateInputs; };

      # The dependencies alone, built on a source that holds the manifests and nothing of the project.
      dependencies = build (common // {
        pname = "${plan.name}-deps";
        src = import ./dummy-source.nix { inherit lib runCommandLocal; } plan;
        # Tests of a stub prove nothing, and some cannot even be built.
        cargoTestCommands = map (command: "${command} || true") plan.build.cargoTestCommands;
        copyTarget = true;
        copyBins = false;
        copyBinsFilter = ".";
        copyDocsToSeparateOutput = false;
        postInstall = false;
        builtDependencies = [ ];
      });
    in
    (build (common // {
      pname = plan.name;
      inherit (plan) src;
      builtDependencies = lib.optional (!plan.singleStep) dependencies;
    })).overrideAttrs plan.overrideMain;
}
