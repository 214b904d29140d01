# Certificates of the public authorities.
{ lib, runCommandLocal }:
runCommandLocal "nss-cacert-20250419"
{
  pname = "nss-cacert";
  version = "20250419";
  meta = { description = "Bundle of X.509 certificates of public Certificate Authorities"; platforms = lib.platforms.all; };
} ''
  mkdir -p $out/etc/ssl/certs $out/nix-support
  cp -L /host/root/etc/ssl/certs/ca-certificates.crt $out/etc/ssl/certs/ca-bundle.crt
  substitute ${./cacert-setup-hook.sh} $out/nix-support/setup-hook --subst-var out
''
