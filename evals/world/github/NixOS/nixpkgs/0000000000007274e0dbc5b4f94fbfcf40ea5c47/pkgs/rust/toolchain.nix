# cargo, rustc, clippy and rustfmt of the host, each in a store path of its own, so that a derivation without one has none. Which version the
# host has cannot be known while evaluating, so `version` says "host"; run `rustc --version` to see it.
{ lib, pkgs }:
let
  part = { pname, programs, description, mainProgram ? pname, rustc ? null }:
    let
      drv = derivation {
        name = "${pname}-host";
        inherit (pkgs.stdenv) system;
        builder = pkgs.runtimeShell;
        PATH = "${pkgs.coreutils}/bin";
        inherit programs rustc;
        shell = pkgs.runtimeShell;
        args = [
          "-euc"
          ''
            mkdir -p $out/bin
            for program in $programs; do
              if [ ! -e /host/rust/bin/$program ]; then
                echo "the Rust toolchain of the host has no $program; add its component (rustup component add) or package, then run the set-up again" >&2
                exit 1
              fi
              # A file of the store and no link out of it: what a shell finds on its PATH then comes from the store, as outside.
              {
                printf '#!%s\n' "$shell"
                if [ -n "$rustc" ]; then printf 'export PATH="''${PATH:+$PATH:}%s/bin"\n' "$rustc"; fi
                printf 'exec -a "$0" /host/rust/bin/%s "$@"\n' "$program"
              } >$out/bin/$program
              chmod +x $out/bin/$program
            done
          ''
        ];
      };
    in
    drv // {
      inherit pname;
      version = "host";
      outputs = [ "out" ];
      targetPlatforms = lib.platforms.all;
      badTargetPlatforms = [ ];
      unwrapped = drv;
      passthru = { };
      override = _: throw "${pname}: the host's, nothing can be changed with override";
      overrideAttrs = _: throw "${pname}: the host's, nothing can be changed with overrideAttrs";
      meta = {
        name = drv.name;
        inherit description mainProgram;
        license = [ lib.licenses.mit lib.licenses.asl20 ];
        platforms = lib.platforms.all;
        available = true; broken = false; unfree = false; insecure = false;
        outputsToInstall = [ "out" ];
      };
    };
  rustc = part { pname = "rustc"; programs = [ "rustc" "rustdoc" ]; description = "Safe, concurrent, practical language"; };
in
{
  inherit rustc;
  # As in nixpkgs cargo falls back to a compiler of its own where PATH has none.
  cargo = part { pname = "cargo"; programs = [ "cargo" ]; inherit rustc; description = "Downloads your Rust project's dependencies and builds your project"; };
  clippy = part { pname = "clippy"; programs = [ "cargo-clippy" "clippy-driver" ]; mainProgram = "cargo-clippy"; description = "Bunch of lints to catch common mistakes and improve your Rust code"; };
  rustfmt = part { pname = "rustfmt"; programs = [ "rustfmt" "cargo-fmt" ]; description = "Tool for formatting Rust code according to style guidelines"; };
}
