# The standard environments: `stdenv` with the C compiler, `stdenvNoCC` without.
{ lib, config, system, host, cc }:
let
  platform = lib.systems.elaborate system;
  shell = "${host.bash}/bin/bash";
  initialPath = [
    host.coreutils host.findutils host.diffutils host.gnused host.gnugrep host.gawk host.gnutar host.gzip host.bzip2 host.gnumake host.bash
    host.patch host.xz host.file
  ];

  make = { name, cc }:
    let
      # patchelf makes the library paths of what is installed no longer than needed.
      defaultNativeBuildInputs = [ host.patchelf ] ++ lib.optional (cc != null) cc;
      drv = derivation {
        inherit name system shell;
        builder = shell;
        args = [ "-e" ./build-setup.sh ];
        inherit (host) coreutils;
        inherit initialPath defaultNativeBuildInputs;
        parts = [ ./setup/base.sh ./setup/substitute.sh ./setup/inputs.sh ./setup/phases.sh ./setup/fixup.sh ./setup/end.sh ];
      };
      stdenv = drv // {
        inherit shell initialPath defaultNativeBuildInputs system;
        buildPlatform = platform;
        hostPlatform = platform;
        targetPlatform = platform;
        inherit (platform) isLinux isDarwin isFreeBSD isx86_64 isAarch64 isi686 is64bit is32bit isBigEndian isLittleEndian;
        inherit cc;
        hasCC = cc != null;
        extraNativeBuildInputs = [ ];
        extraBuildInputs = [ ];
        allowedRequisites = null;
        mkDerivation = import ./mk-derivation.nix { inherit lib config stdenv; };
        override = _: throw "stdenv.override: this package set has one standard environment and cannot build another";
        meta = { description = "The default build environment"; platforms = lib.platforms.all; };
        passthru = { };
      };
    in
    stdenv // lib.optionalAttrs (cc == null) { cc = throw "stdenvNoCC has no C compiler: use stdenv, or runCommandCC"; };
in
{
  stdenv = make { name = "stdenv-${if platform.isDarwin then "darwin" else "linux"}"; inherit cc; };
  stdenvNoCC = make { name = "stdenv-no-cc"; cc = null; };
}
