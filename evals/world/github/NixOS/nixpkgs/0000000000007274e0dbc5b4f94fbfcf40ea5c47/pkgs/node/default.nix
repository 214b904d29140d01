# Node.js of the host, and what builds programs with npm.
{ lib, pkgs }:
let
  nodejs = major: pkgs.callPackage ./nodejs.nix { inherit major; };
in
{
  nodejs = nodejs null;
  nodejs-slim = pkgs.nodejs;
  nodejs_22 = nodejs "22";
  nodejs_24 = nodejs "24";
  nodejs_latest = pkgs.nodejs;

  prefetch-npm-deps = pkgs.callPackage ./prefetch-npm-deps.nix { };
  fetchNpmDeps = pkgs.callPackage ./fetch-npm-deps.nix { };
  npmHooks = pkgs.callPackage ./hooks { };
  buildNpmPackage = pkgs.callPackage ./build-npm-package.nix { };
  importNpmLock = pkgs.callPackage ./import-npm-lock.nix { };
}
