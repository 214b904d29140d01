# One folder of several components. It is the compiler's sysroot, and brings the C compiler that links.
{ lib, stdenv, symlinkJoin, rustc }:
{ pname, version, selectedComponents, availableComponents }:
symlinkJoin {
  name = "${pname}-${version}";
  inherit pname version;
  paths = selectedComponents;
  propagatedBuildInputs = lib.optional (!stdenv.targetPlatform.isWasm) stdenv.cc;
  passthru = {
    inherit availableComponents;
    # What buildRustPackage wants to know of a compiler.
    targetPlatforms = rustc.targetPlatforms or lib.platforms.all;
    tier1TargetPlatforms = rustc.tier1TargetPlatforms or lib.platforms.all;
    badTargetPlatforms = rustc.badTargetPlatforms or [ ];
  };
  postBuild = ''
    for program in $out/bin/{rustc,rustdoc}; do
      if [ -e "$program" ]; then
        script=$(realpath "$program")
        rm "$program"
        sed "s|^sysroot=.*|sysroot=$out|" "$script" >"$program"
        chmod +x "$program"
      fi
    done
    mkdir -p $out/nix-support
    echo "$propagatedBuildInputs " >$out/nix-support/propagated-build-inputs
  '';
  meta.platforms = lib.platforms.all;
}
