# A certificate file for programs that read one of these variables.
export NIX_SSL_CERT_FILE=${NIX_SSL_CERT_FILE-@out@/etc/ssl/certs/ca-bundle.crt}
export SSL_CERT_FILE=${SSL_CERT_FILE-$NIX_SSL_CERT_FILE}
