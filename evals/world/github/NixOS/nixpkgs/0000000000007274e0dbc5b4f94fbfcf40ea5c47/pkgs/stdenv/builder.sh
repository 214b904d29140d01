# What runs when a derivation names no builder of its own.
if [ -e "${NIX_ATTRS_SH_FILE-}" ]; then source "$NIX_ATTRS_SH_FILE"; fi
source "$stdenv/setup"
genericBuild
