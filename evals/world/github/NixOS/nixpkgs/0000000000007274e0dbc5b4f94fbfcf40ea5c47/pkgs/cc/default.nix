# The C and C++ compiler and the linker of the host, behind wrappers that look for headers and libraries in the inputs alone, and that give
# what is linked the store's loader and a library path. Two packages, as in nixpkgs: the compiler's and binutils'.
{ host, system, lib, hostPlatform }:
let
  inherit (host) bash coreutils glibc gcclib;

  wrap = { pname, version, script, mainProgram, env ? { }, description }:
    let
      drv = derivation ({
        name = "${pname}-wrapper-${version}";
        inherit system;
        builder = "${bash}/bin/bash";
        args = [ "-eu" script ];
        PATH = "${coreutils}/bin";
        inherit bash glibc gcclib;
      } // env);
    in
    drv // {
      inherit pname version;
      outputs = [ "out" ];
      meta = {
        name = drv.name;
        inherit mainProgram description;
        platforms = lib.platforms.all;
        available = true; broken = false; unfree = false; insecure = false;
        outputsToInstall = [ "out" ];
      };
      targetPrefix = "";
      isGNU = true;
      isClang = false;
      libc = glibc;
      lib = gcclib;
      override = _: throw "${pname}: wraps the host's, nothing can be changed with override";
    };

  # Where programs are given this loader by hand.
  loaders = { x86_64 = "ld-linux-x86-64.so.2"; aarch64 = "ld-linux-aarch64.so.1"; i686 = "ld-linux.so.2"; armv7l = "ld-linux-armhf.so.3"; };
  dynamicLinker = "${glibc}/lib/${loaders.${hostPlatform.parsed.cpu.name} or "ld.so"}";

  binutils = wrap {
    pname = "binutils";
    version = "2.44";
    mainProgram = "ld";
    description = "GNU Binutils of the host, with a linker that sets loader and library path";
    script = ./binutils.sh;
    env.wrapper = ./ld-wrapper.sh;
    env.hook = ./binutils-setup-hook.sh;
  } // { inherit dynamicLinker; };
  gcc = wrap {
    pname = "gcc";
    version = "14.2.0";
    mainProgram = "gcc";
    description = "GNU C and C++ compiler of the host, without the host's libraries";
    script = ./gcc.sh;
    env.wrapper = ./cc-wrapper.sh;
    env.hook = ./cc-setup-hook.sh;
    env.bintools = binutils;
  };
in
{
  inherit binutils;
  # `cc.cc` is the compiler inside the wrapper, whose run-time libraries are what flakes want of it.
  gcc = gcc // { bintools = binutils; cc = gcc // { libgcc = gcclib; }; };
}
