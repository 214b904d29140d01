# The machine's own Node.js with its npm, which the offline world copies into its store. A world works without them: only programs that
# run on Node.js then cannot be built in it.
# shellcheck shell=sh

# Sets $node_file, $npm_folder and $node_mark, which changes when one of them does; all empty where the machine has no pair that stands alone.
find_node() {
  node_file=
  npm_folder=
  node_mark=
  node_ifs=$IFS
  IFS=:
  for node_place in $PATH; do
    # What an npm script puts in front belongs to one project.
    case $node_place in '' | */node_modules/.bin) continue ;; esac
    if [ -z "$node_file" ] && [ -x "$node_place/node" ]; then node_file=$(readlink -f "$node_place/node"); fi
    if [ -z "$npm_folder" ] && [ -x "$node_place/npm" ]; then npm_folder=$(dirname "$(dirname "$(readlink -f "$node_place/npm")")"); fi
  done
  IFS=$node_ifs
  if [ -z "$node_file" ] || [ ! -f "$npm_folder/bin/npm-cli.js" ] || [ ! -d "$npm_folder/node_modules/@npmcli" ]; then
    node_file=
    npm_folder=
    return 0
  fi
  node_mark=$(stat -L -c '%n.%Y.%s' "$node_file" "$npm_folder/package.json" | tr '\n ' '__')
}

# Sets $node_version and $npm_version. A version manager's proxy is no Node.js, and one that is cut into libraries (Debian's) starts only where they lie.
ask_node() {
  node_version=
  npm_version=
  [ -n "$node_file" ] || return 0
  [ "$("$node_file" -p process.execPath 2>/dev/null)" = "$node_file" ] || return 0
  for node_needs in $("$prefix/bin/patchelf" --print-needed "$node_file" 2>/dev/null || echo none); do
    case $node_needs in
      libc.so.* | libm.so.* | libdl.so.* | librt.so.* | libpthread.so.* | libstdc++.so.* | libgcc_s.so.* | libatomic.so.* | ld-linux*) ;;
      *) return 0 ;;
    esac
  done
  node_version=$("$node_file" -p process.versions.node)
  npm_version=$("$node_file" -p 'require(process.argv[1]).version' "$npm_folder/package.json")
}

# Lines of host.json's sandboxPaths, and of its toolchain; each ends with a comma.
node_places() {
  [ -n "$node_version" ] || return 0
  printf '    "/host/node/bin/node": %s,\n    "/host/node/npm": %s,\n' "$(json_string "$node_file")" "$(json_string "$npm_folder")"
}
node_versions() {
  [ -n "$node_version" ] || return 0
  printf '    "node": "%s",\n    "npm": "%s",\n' "$node_version" "$npm_version"
}
