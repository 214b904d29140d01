# One set-up at a time in one clone. A folder is the lock, since mkdir is atomic everywhere and flock is not on macOS.
# shellcheck shell=sh

lock_dir=
take_lock() {
  [ -n "$lock_dir" ] && return 0
  lock_try=$root/.prefix.lock
  lock_said=0
  while ! mkdir "$lock_try" 2>/dev/null; do
    lock_owner=$(cat "$lock_try/pid" 2>/dev/null || true)
    if [ -z "$lock_owner" ]; then
      # Taken this very moment, or its owner died between mkdir and writing its number: two looks tell which.
      sleep 1
      [ -n "$(cat "$lock_try/pid" 2>/dev/null || true)" ] || { [ -d "$lock_try" ] && rmdir "$lock_try" 2>/dev/null || true; }
    elif ! kill -0 "$lock_owner" 2>/dev/null && [ ! -d "/proc/$lock_owner" ]; then
      # The rename makes one of several waiters the one that clears the lock of a dead owner.
      if mv "$lock_try" "$lock_try.stale.$$" 2>/dev/null; then
        if [ "$(cat "$lock_try.stale.$$/pid" 2>/dev/null || true)" = "$lock_owner" ]; then
          rm -rf "$lock_try.stale.$$"
        else
          mv "$lock_try.stale.$$" "$lock_try" 2>/dev/null || true
        fi
      fi
    else
      if [ "$lock_said" = 0 ]; then say "another set-up of this clone is running (process $lock_owner); waiting for it"; lock_said=1; fi
      sleep 1
    fi
  done
  lock_dir=$lock_try
  echo $$ >"$lock_dir/pid"
  trap 'drop_lock' EXIT
  trap 'drop_lock; exit 129' HUP
  trap 'drop_lock; exit 130' INT
  trap 'drop_lock; exit 143' TERM
}

drop_lock() {
  [ -n "$lock_dir" ] || return 0
  # What an interrupted run was working on goes with it.
  [ -z "${work:-}" ] || rm -rf "$work" 2>/dev/null || true
  rm -rf "$lock_dir"
  lock_dir=
}
