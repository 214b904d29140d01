# The npm packages of this clone.
# shellcheck shell=sh

npm_part() {
  npm_want=$(cat "$root/package-lock.json" "$root/.npmrc" 2>/dev/null | hash_stdin)
  npm_stamp=$root/node_modules/.crq-agent-setup
  if npm_ready; then return 0; fi
  if [ ! -f "$root/package-lock.json" ]; then
    say "package-lock.json is missing: this folder is no whole clone. 'git checkout -- package-lock.json' brings it back."
    exit 1
  fi
  if ! command -v npm >/dev/null 2>&1; then
    say "npm is missing. Install Node.js 20 or newer with its npm (https://nodejs.org/en/download), then run the same command again."
    exit 1
  fi
  take_lock
  if npm_ready || npm_adopted; then return 0; fi
  begin "npm packages"
  # In an npm script PATH starts with node_modules/.bin, whose node npm is about to delete.
  npm_path=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v '/node_modules/\.bin$' | tr '\n' ':')
  npm_path=${npm_path%:}
  (cd "$root" && PATH=$npm_path npm ci --no-audit --no-fund --loglevel=error) >&2 || {
    say "npm ci failed; its message is above. Run the same command again once that is mended."
    exit 1
  }
  if ! npm_node24 && [ -f "$root/node_modules/node/installArchSpecificPackage.js" ]; then
    # The package 'node' fetches its program in an install script, which some npm settings skip.
    say "npm skipped the install script of the package 'node'; running it"
    (cd "$root/node_modules/node" && PATH=$npm_path node installArchSpecificPackage) >&2 || true
  fi
  if ! npm_node24; then
    say "npm ci ended well, but node_modules/.bin/node is '${npm_node:-missing}' where Node 24 was expected. 'npm rebuild node' shows why."
    exit 1
  fi
  printf '%s\n' "$npm_want" >"$npm_stamp"
  done_with "Node ${npm_node#v} and the packages of package-lock.json"
}

npm_ready() {
  [ -x "$root/node_modules/.bin/node" ] && [ -f "$npm_stamp" ] && read -r npm_have <"$npm_stamp" && [ "$npm_have" = "$npm_want" ]
}

npm_adopted() {
  npm_node24 && [ -f "$root/node_modules/.package-lock.json" ] || return 1
  "$root/node_modules/.bin/node" "$here/npm-installed.ts" "$root/package-lock.json" "$root/node_modules/.package-lock.json" || return 1
  printf '%s\n' "$npm_want" >"$npm_stamp"
}

npm_node24() {
  npm_node=$("$root/node_modules/.bin/node" --version 2>/dev/null || true)
  case $npm_node in v24.*) return 0 ;; *) return 1 ;; esac
}
