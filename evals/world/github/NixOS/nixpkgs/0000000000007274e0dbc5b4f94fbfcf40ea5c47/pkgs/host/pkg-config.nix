# pkg-config that sees what the inputs bring, and nothing of the host.
{ lib, runCommandLocal, runtimeShell, stdenv }:
runCommandLocal "pkg-config-wrapper-1.8.1"
{
  pname = "pkg-config-wrapper";
  version = "1.8.1";
  meta = { description = "Finds out flags of libraries (pkgconf)"; mainProgram = "pkg-config"; platforms = lib.platforms.all; };
} ''
  mkdir -p $out/bin $out/nix-support $out/share/none
  cat >$out/bin/pkg-config <<EOF
  #!${runtimeShell}
  export PKG_CONFIG_LIBDIR=\''${PKG_CONFIG_LIBDIR-$out/share/none}
  exec /host/root/usr/bin/pkgconf "\$@"
  EOF
  chmod +x $out/bin/pkg-config
  ln -s pkg-config $out/bin/pkgconf
  cp ${./pkg-config-setup-hook.sh} $out/nix-support/setup-hook
''
