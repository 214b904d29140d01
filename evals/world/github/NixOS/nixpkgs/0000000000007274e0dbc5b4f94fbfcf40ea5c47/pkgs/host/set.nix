# The host's tools under their names in the package set.
{ lib, pkgs, host, cc }:
builtins.removeAttrs host [ "gcclib" "hostlib" ]
// import ./links.nix { inherit lib pkgs; }
// {
  # The tools themselves, for what is built before or below the packages of the same names.
  hostTools = host;
  curlTool = pkgs.callPackage ./curl.nix { };
  gnupatch = host.patch;
  libgcc = host.gcclib;
  gccForLibs = host.gcclib // { lib = host.gcclib; libgcc = host.gcclib; };
  bashInteractive = host.bash;
  bashNonInteractive = host.bash;
  runtimeShell = "${host.bash}/bin/bash";
  runtimeShellPackage = host.bash;
  shellPackage = host.bash;

  inherit (cc) gcc binutils;
  bintools = cc.binutils;
  gccStdenv = pkgs.stdenv;
  gcc-unwrapped = cc.gcc;

  hello = pkgs.callPackage ./hello.nix { };
  pkg-config = pkgs.callPackage ./pkg-config.nix { };
  cacert = pkgs.callPackage ./cacert.nix { };
}
