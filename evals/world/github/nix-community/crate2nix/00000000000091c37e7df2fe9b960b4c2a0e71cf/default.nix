# The program `crate2nix`. cargo and jq stand behind what the caller has on PATH, as in the original, where they are a fallback.
{ lib, runCommandLocal, runtimeShell, coreutils, gawk, gnused, jq, cargo }:
runCommandLocal "rust_crate2nix-0.15.0"
{
  meta = {
    description = "Nix build file generator for rust crates.";
    mainProgram = "crate2nix";
    license = lib.licenses.asl20;
    platforms = lib.platforms.all;
  };
} ''
  mkdir -p $out/bin $out/share/crate2nix
  cp ${./generate}/* $out/share/crate2nix/
  substitute ${./crate2nix.sh} $out/bin/crate2nix \
    --replace-fail @shell@ ${runtimeShell} \
    --replace-fail @share@ $out/share/crate2nix \
    --replace-fail @path@ ${lib.makeBinPath [ coreutils gawk gnused jq cargo ]}
  chmod +x $out/bin/crate2nix
''
