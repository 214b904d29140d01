# lockedPackages FILE: one line for each package with a source: name, version, source, checksum.
lockedPackages() {
  awk '
    function flush() { if (name != "" && source != "") print name, version, source, checksum; name = version = source = checksum = "" }
    function value() { sub(/^[^"]*"/, ""); sub(/"[^"]*$/, ""); return $0 }
    /^\[\[package\]\]/ { flush(); inside = 1; next }
    /^\[/ { flush(); inside = 0 }
    inside && /^name = / { name = value() }
    inside && /^version = / { version = value() }
    inside && /^source = / { source = value() }
    inside && /^checksum = / { checksum = value() }
    END { flush() }
  ' "$1"
}

# The version of the file's format; the first two do not say.
lockVersion() { sed -n 's/^version = \([0-9]*\)$/\1/p' "$1" | head -n1; }
