# A source with the project's manifests and lock file, and stubs for all code: enough for cargo to build the dependencies.
{ lib, runCommandLocal }:
plan:
let
  toTOML = import ./to-toml.nix { inherit lib; };

  # Everything becomes a library with a build script: so that its targets need no files, and build dependencies are built too.
  stubbed = toml:
    removeAttrs toml [ "bin" "example" "lib" "test" "bench" "default-run" ]
    // lib.optionalAttrs (toml ? package) { package = removeAttrs toml.package [ "default-run" "metabuild" "build" ]; };
  members = map (m: { inherit (m) dir; text = toTOML (stubbed m.toml); }) plan.manifests;
in
runCommandLocal "dummy-src"
{
  lock = builtins.readFile plan.lockFile;
  inherit (plan) copySources;
  copySourcesFrom = if plan.copySources != [ ] then plan.src else null;
  passAsFile = [ "lock" "install" ];
  install = lib.concatMapStrings
    (m: ''
      stub ${lib.escapeShellArg m.dir} <<'END-OF-MANIFEST'
      ${m.text}
      END-OF-MANIFEST
    '')
    members;
} ''
  stub() {
    mkdir -p "$out/$1/src"
    cat >"$out/$1/Cargo.toml"
    printf '//! stub crate\n/// stub main function\nfn main() {}\n' >"$out/$1/build.rs"
    printf '//! stub lib\n#![no_std]\n' >"$out/$1/src/lib.rs"
  }
  mkdir -p $out/.cargo
  ${lib.optionalString (plan.cargoConfig != null) "cp ${plan.cargoConfig} $out/.cargo/config.toml"}
  cp $lockPath $out/Cargo.lock
  source $installPath
  for p in $copySources; do
    echo "Copying patched source $p to $out..."
    mkdir -p "$out/$p"
    cp --no-preserve=mode -R "$copySourcesFrom/$p"/* "$out/$p"
  done
''
