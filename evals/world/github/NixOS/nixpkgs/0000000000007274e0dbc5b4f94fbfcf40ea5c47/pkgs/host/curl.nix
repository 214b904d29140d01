# The host's curl with its libraries, trusting cacert.
{ lib, runCommandLocal, runtimeShell, cacert }:
runCommandLocal "curl-8.14.1"
{
  pname = "curl";
  version = "8.14.1";
  meta = { description = "Command line tool for transferring files with URL syntax"; mainProgram = "curl"; platforms = lib.platforms.all; };
} ''
  mkdir -p $out/bin
  cat >$out/bin/curl <<'EOF'
  #!${runtimeShell}
  # As in nixpkgs the certificates are those of NIX_SSL_CERT_FILE or SSL_CERT_FILE; without one there are none but cacert's.
  export CURL_CA_BUNDLE=''${CURL_CA_BUNDLE-''${NIX_SSL_CERT_FILE-''${SSL_CERT_FILE-${cacert}/etc/ssl/certs/ca-bundle.crt}}}
  exec /host/root/usr/bin/curl "$@"
  EOF
  chmod +x $out/bin/curl
''
