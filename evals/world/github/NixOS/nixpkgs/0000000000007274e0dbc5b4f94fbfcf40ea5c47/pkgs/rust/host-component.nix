# A component of a Rust release, as rustup names them, made of the host's toolchain: what the stand-ins of rust-overlay and fenix put together.
# `release` is the version that is asked for, or "host" for whichever the host has. Which one that is a pure evaluation cannot know: the build
# compares, and says so where another one is wanted. An optional component that the host does not have is an empty folder.
{ lib, pkgs }:
{ component, release, target, pname ? component, version ? release, name ? "${pname}-${version}", mainProgram ? null, optional ? false, passthru ? { }, meta ? { } }:
pkgs.runCommandLocal name
{
  inherit pname version component release target optional passthru;
  shell = pkgs.runtimeShell;
  meta = { platforms = lib.platforms.all; } // lib.optionalAttrs (mainProgram != null) { inherit mainProgram; } // meta;
} ''
  source ${./host-component.sh}
''
