# The phases of a cargo build as setup hooks; one derivation with an output for each. Those that run cargo bring it along.
{ lib, pkgs, cargo, rustc }:
let
  scripts = { setup = ./cargo-setup-hook.sh; build = ./cargo-build-hook.sh; check = ./cargo-check-hook.sh; install = ./cargo-install-hook.sh; };
  drv = derivation ({
    name = "cargo-hook";
    inherit (pkgs.stdenv) system;
    builder = pkgs.runtimeShell;
    PATH = "${pkgs.coreutils}/bin";
    outputs = builtins.attrNames scripts;
    inherit cargo;
    args = [
      "-euc"
      ''
        for name in $outputs; do
          script=script_$name
          mkdir -p "''${!name}/nix-support"
          while IFS= read -r line; do printf '%s\n' "''${line//@target@/$target}"; done <"''${!script}" >"''${!name}/nix-support/setup-hook"
        done
        echo "$cargo" >"$build/nix-support/propagated-build-inputs"
        echo "$cargo" >"$check/nix-support/propagated-build-inputs"
      ''
    ];
    target = pkgs.stdenv.hostPlatform.rust.rustcTargetSpec;
  } // lib.mapAttrs' (name: file: lib.nameValuePair "script_${name}" file) scripts);
  hook = name: drv.${name} // { outputSpecified = true; outputs = [ name ]; meta = { name = "cargo-${name}-hook"; outputsToInstall = [ name ]; }; };
in
{
  cargoSetupHook = hook "setup";
  cargoBuildHook = hook "build";
  cargoCheckHook = hook "check";
  cargoInstallHook = hook "install";
}
