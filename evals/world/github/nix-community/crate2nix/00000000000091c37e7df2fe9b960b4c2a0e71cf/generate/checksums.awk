# Name, version, source and checksum of the packages of a Cargo.lock, with tabs between them. Lock files of the first version keep the
# checksums in a table at the end.
function value(line) { sub(/^[^=]*= */, "", line); gsub(/^"|"$/, "", line); return line }
function flush() { if (name != "" && sum != "") print name "\t" version "\t" source "\t" sum; name = ""; sum = "" }
/^\[/ { flush(); version = source = ""; table = $0 }
table == "[[package]]" && /^name = / { name = value($0) }
table == "[[package]]" && /^version = / { version = value($0) }
table == "[[package]]" && /^source = / { source = value($0) }
table == "[[package]]" && /^checksum = / { sum = value($0) }
table == "[metadata]" && /^"checksum / {
  split($0, words, " ")
  from = words[4]; gsub(/^\(|\)"$/, "", from)
  print words[2] "\t" words[3] "\t" from "\t" value($0)
}
END { flush() }
