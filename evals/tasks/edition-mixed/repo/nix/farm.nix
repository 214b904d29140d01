# The compiler of the build farm: the same release, which signs the libraries it makes with a version of its own, so that nothing else is linked
# with them by accident.
{ pkgs, toolchain }:

pkgs.symlinkJoin {
  name = "rust-of-the-farm";
  paths = [ toolchain ];
  postBuild = ''
    rm $out/bin/rustc
    cp ${./farm-rustc.sh} $out/bin/rustc
    chmod +x $out/bin/rustc
    substituteInPlace $out/bin/rustc \
      --replace-fail @shell@ ${pkgs.runtimeShell} \
      --replace-fail @rustc@ ${toolchain}/bin/rustc
  '';
}
