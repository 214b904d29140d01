# One folder of several components, which is the compiler's sysroot. It brings no linker.
{ lib, symlinkJoin, rustc }:
name: paths:
symlinkJoin {
  inherit name paths;
  postBuild = ''
    for program in $out/bin/{rustc,rustdoc}; do
      if [ -e "$program" ]; then
        script=$(realpath "$program")
        rm "$program"
        sed "s|^sysroot=.*|sysroot=$out|" "$script" >"$program"
        chmod +x "$program"
      fi
    done
  '';
  meta.platforms = lib.platforms.all;
  passthru = {
    targetPlatforms = rustc.targetPlatforms or lib.platforms.all;
    tier1TargetPlatforms = rustc.tier1TargetPlatforms or lib.platforms.all;
    badTargetPlatforms = rustc.badTargetPlatforms or [ ];
  };
}
