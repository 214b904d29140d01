# remove-references-to -t STOREPATH... FILE...: the hash in each file becomes one that no path has.
remove-references-to() {
  local targets=() file target hash
  while [[ ${1-} == -t ]]; do
    targets+=("$2")
    shift 2
  done
  for file; do
    for target in "${targets[@]}"; do
      hash=${target#"$NIX_STORE"/}
      hash=${hash%%-*}
      sed -i -e "s|$NIX_STORE/$hash-|$NIX_STORE/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-|g" "$file"
    done
  done
}
