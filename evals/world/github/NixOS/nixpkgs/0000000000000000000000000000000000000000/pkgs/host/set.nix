# The host's tools under their names in the package set.
{ lib, pkgs, host, cc }:
builtins.removeAttrs host [ "glibc" "gcclib" "hostlib" "patch" ]
// import ./links.nix { inherit lib pkgs; }
// {
  inherit (host) glibc;
  gnupatch = host.patch;
  patch = host.patch;
  libgcc = host.gcclib;
  bashInteractive = host.bash;
  bashNonInteractive = host.bash;
  runtimeShell = "${host.bash}/bin/bash";
  runtimeShellPackage = host.bash;
  shellPackage = host.bash;

  inherit (cc) gcc binutils;
  bintools = cc.binutils;
  gccStdenv = pkgs.stdenv;
  gcc-unwrapped = cc.gcc;

  pkg-config = pkgs.callPackage ./pkg-config.nix { };
  curl = pkgs.callPackage ./curl.nix { };
  cacert = pkgs.callPackage ./cacert.nix { };
}
