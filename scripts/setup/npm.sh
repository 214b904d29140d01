# The npm packages of this clone.
# shellcheck shell=sh

npm_part() {
  npm_want=$(cat "$root/package-lock.json" "$root/.npmrc" 2>/dev/null | hash_stdin)
  npm_stamp=$root/node_modules/.crq-agent-setup
  if npm_ready; then return 0; fi
  if ! command -v npm >/dev/null 2>&1; then
    say "npm is missing. Install Node.js 20 or newer with its npm (https://nodejs.org/en/download), then run the command again."
    exit 1
  fi
  if [ ! -f "$root/package-lock.json" ]; then
    say "package-lock.json is missing: this folder is no whole clone. 'git checkout -- package-lock.json' brings it back."
    exit 1
  fi
  take_lock
  if npm_ready; then return 0; fi
  begin "npm packages"
  # npm would otherwise run on node_modules/.bin/node, which it is about to delete.
  npm_path=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v '/node_modules/' | tr '\n' ':')
  (cd "$root" && PATH=${npm_path%:} npm ci --no-audit --no-fund --loglevel=error) >&2 || {
    say "npm ci failed; its message is above. Nothing else was changed. Run the same command again once that is mended."
    exit 1
  }
  npm_node=$("$root/node_modules/.bin/node" --version 2>/dev/null || true)
  case $npm_node in
    v24.*) ;;
    *) say "npm ci ended well, but node_modules/.bin/node is '${npm_node:-missing}' where Node 24 was expected"; exit 1 ;;
  esac
  printf '%s\n' "$npm_want" >"$npm_stamp"
  done_with "Node ${npm_node#v} and the packages of package-lock.json"
}

npm_ready() {
  [ -x "$root/node_modules/.bin/node" ] && [ -f "$npm_stamp" ] && read -r npm_have <"$npm_stamp" && [ "$npm_have" = "$npm_want" ]
}
