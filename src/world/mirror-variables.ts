/** What a client needs to ask the mirror and to believe it; each has a name of its own for the file. */
export const mirrorVariables = (proxy: string, authorityFile: string): Record<string, string> => ({
  http_proxy: proxy,
  https_proxy: proxy,
  NIX_SSL_CERT_FILE: authorityFile,
  SSL_CERT_FILE: authorityFile,
  GIT_SSL_CAINFO: authorityFile,
  CURL_CA_BUNDLE: authorityFile,
  CARGO_HTTP_CAINFO: authorityFile,
});
