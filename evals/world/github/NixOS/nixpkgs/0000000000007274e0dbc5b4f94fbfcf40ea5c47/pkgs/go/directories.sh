# The folders of a module that hold packages, and go's commands over one of them.

goExcluded='\(/_\|examples\|Godeps\|testdata'
for goName in ${excludedPackages-}; do goExcluded+="\\|$goName"; done
goExcluded+='\)'

# getGoDirs "" | test: one a line, as ./folder
getGoDirs() {
  if [ -n "${subPackages-}" ]; then
    local name
    for name in ${subPackages[@]}; do echo "./$name"; done
  else
    find . -type f -name "*$1.go" -exec dirname {} \; | grep -v "/vendor/" | sort -u | grep -v "$goExcluded"
  fi
}

# buildGoDir install|test DIR: a folder without anything to build is no failure.
buildGoDir() {
  local command=$1 dir=$2 said
  local -a flags=()
  if [ -n "${tags-}" ]; then
    local joined="${tags[*]}"
    flags+=("-tags=${joined// /,}")
  fi
  if [ -n "${ldflags-}" ]; then flags+=("-ldflags=${ldflags[*]}"); fi
  flags+=(-p "$NIX_BUILD_CORES")
  if [ "$command" = test ]; then
    # shellcheck disable=SC2206
    flags+=(-vet=off ${checkFlags[@]-} ${checkFlagsArray[@]+"${checkFlagsArray[@]}"})
  fi
  if ! said=$(go "$command" "${flags[@]}" "$dir" 2>&1); then
    if ! grep -qE '(no( buildable| non-test)?|build constraints exclude all) Go (source )?files' <<<"$said"; then
      echo "$said" >&2
      return 1
    fi
  fi
  if [ -n "$said" ]; then echo "$said" >&2; fi
  return 0
}
