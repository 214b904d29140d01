# Downloads $urls to $out. The stdenv is read only where its functions are wanted: most downloads are crates, and there are many.
if [ -n "$postFetch" ] || [ -n "$executable" ]; then source "$stdenv/setup"; fi
out_file=$out
if [ -n "$downloadToTemp" ]; then out_file=$NIX_BUILD_TOP/downloaded; fi

flags=(--location --max-redirs 20 --retry 3 --continue-at - --disable-epsv --fail --show-error --silent
  --connect-timeout 15 --user-agent "curl Nixpkgs")
# The hash vouches for the content, so a missing certificate file does no harm.
if [ -r "${NIX_SSL_CERT_FILE-}" ]; then flags+=(--cacert "$NIX_SSL_CERT_FILE"); else flags+=(--insecure); fi
read -r -a more <<<"$curlOpts ${NIX_CURL_FLAGS-}"
flags+=("${more[@]}" $curlOptsList)

success=
for url in $urls; do
  echo
  echo "trying $url"
  code=18
  # Code 18: the transfer broke off; go on where it ended.
  while [ "$code" = 18 ]; do
    if "$curl" "${flags[@]}" "$url" --output "$out_file"; then
      success=1
      break 2
    else
      code=$?
    fi
  done
done
if [ -z "$success" ]; then
  echo "error: cannot download $name from any mirror"
  exit 1
fi
downloadedFile=$out_file
if [ -n "$executable" ]; then chmod +x "$out_file"; fi
if [ -n "$postFetch" ]; then runHook postFetch; fi
