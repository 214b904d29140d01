# The machine's own Go, which the offline world copies into its store. A world works without it: only programs in Go then cannot be built in it.
# shellcheck shell=sh

# Sets $go_folder and $go_mark, which changes when Go does; both empty where the machine has none that stands in one folder (Debian's is cut into links).
find_go() {
  go_folder=
  go_mark=
  go_file=$(command -v go || true)
  case $go_file in /*) ;; *) return 0 ;; esac
  go_file=$(readlink -f "$go_file")
  go_root=$(dirname "$(dirname "$go_file")")
  if [ "$go_file" != "$go_root/bin/go" ] || [ ! -x "$go_root/bin/gofmt" ] || [ ! -f "$go_root/VERSION" ]; then return 0; fi
  for go_part in src pkg lib; do
    if [ -L "$go_root/$go_part" ] || [ ! -d "$go_root/$go_part" ]; then return 0; fi
  done
  go_folder=$go_root
  go_mark=$(stat -L -c '%n.%Y.%s' "$go_folder/VERSION" | tr ' ' '_')
}

# Sets $go_version; empty where nothing is found that starts.
ask_go() {
  go_version=
  [ -n "$go_folder" ] || return 0
  go_version=$("$go_folder/bin/go" env GOVERSION 2>/dev/null | sed -n 's/^go\([0-9][0-9.]*\).*/\1/p')
}

# Lines of host.json's sandboxPaths, and of its toolchain; each ends with a comma.
go_places() {
  [ -z "$go_version" ] || printf '    "/host/go": %s,\n' "$(json_string "$go_folder")"
}
go_versions() {
  [ -z "$go_version" ] || printf '    "go": "%s",\n' "$go_version"
}
