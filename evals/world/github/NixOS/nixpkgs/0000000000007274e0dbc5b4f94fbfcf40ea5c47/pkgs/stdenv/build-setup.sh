# Joins the parts of the setup script.
PATH=$coreutils/bin
mkdir -p "$out/nix-support"
{
  printf 'export SHELL=%q\nshell=%q\n: "${initialPath=%s}"\n: "${defaultNativeBuildInputs=%s}"\n: "${defaultBuildInputs=}"\n' \
    "$shell" "$shell" "$initialPath" "$defaultNativeBuildInputs"
  cat $parts
} >"$out/setup"
