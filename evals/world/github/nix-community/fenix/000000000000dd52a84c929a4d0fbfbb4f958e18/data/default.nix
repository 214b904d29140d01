# What the channels hold: the shape of Rust's manifests, as far as this set reads them. The stable one is whatever the host has.
{ lib }:
let
  names = text: lib.filter (word: lib.isString word && word != "") (builtins.split "[ \n]+" text);
  targets = names (import ./targets.nix).std;
  hosts = names (import ./targets.nix).hosts;
  on = list: { target = lib.genAttrs list (_: { available = true; }); };

  common = {
    cargo = on hosts;
    clippy-preview = on hosts;
    llvm-bitcode-linker-preview = on hosts;
    llvm-tools-preview = on hosts;
    reproducible-artifacts = on [ "x86_64-unknown-linux-gnu" "aarch64-unknown-linux-gnu" ];
    rust = on hosts;
    rust-analysis = on hosts;
    rust-analyzer-preview = on hosts;
    rust-docs = on hosts;
    rust-src = on [ "*" ];
    rust-std = on targets;
    rustc = on hosts;
    rustc-dev = on hosts;
    rustc-docs = on hosts;
    rustfmt-preview = on hosts;
  };
  onlyNights = { miri-preview = on hosts; rustc-codegen-cranelift-preview = on hosts; };

  minimal = [ "rustc" "cargo" "rust-std" ];
  default = minimal ++ [ "rust-docs" "rustfmt-preview" "clippy-preview" ];
  complete = default ++ [ "rust-analyzer-preview" "rust-src" "llvm-tools-preview" "rust-analysis" "miri-preview" "rustc-codegen-cranelift-preview" ];
  release = version: date: {
    inherit date;
    pkg = lib.mapAttrs (_: about: about // { inherit version; }) common;
    profiles = { inherit minimal default complete; };
  };
in
{
  inherit targets;
  stable = release "host" "host";
  beta = release "1.98.0-beta.6" "2026-07-26";
  nightly = {
    release = "1.99.0-nightly";
    date = "2026-08-08";
    pkg = common // onlyNights;
    profiles = { inherit minimal default; complete = complete ++ [ "rustc-dev" ]; latest = complete ++ [ "rustc-dev" ]; };
  };
}
