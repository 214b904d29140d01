# Links the files below $pathsToLink of the packages in $chosenPath into $out. A folder that only one package has becomes one link.
merge() {
  local source=$1 target=$2 name other
  if [ ! -e "$target" ] && [ ! -L "$target" ]; then
    mkdir -p "$(dirname "$target")"
    ln -s "$source" "$target"
    return
  fi
  if [ -d "$source" ] && [ -d "$target" ]; then
    if [ -L "$target" ]; then
      other=$(readlink -f "$target")
      [ "$other" != "$(readlink -f "$source")" ] || return 0
      rm "$target"
      mkdir "$target"
      for name in "$other"/* "$other"/.[!.]*; do
        if [ -e "$name" ] || [ -L "$name" ]; then ln -s "$name" "$target/${name##*/}"; fi
      done
    fi
    for name in "$source"/* "$source"/.[!.]*; do
      if [ -e "$name" ] || [ -L "$name" ]; then merge "$name" "$target/${name##*/}"; fi
    done
  elif [ "$(readlink -f "$target")" = "$(readlink -f "$source")" ] || cmp -s "$target" "$source" || [ -n "$ignoreCollisions" ]; then
    :
  else
    echo "error: collision between \`$source' and \`$(readlink -f "$target")'" >&2
    exit 1
  fi
}
mkdir -p "$out"
for package in $(cat "$chosenPath"); do
  for folder in $pathsToLink; do
    if [ "$folder" = / ]; then
      for entry in "$package"/*; do
        [ "${entry##*/}" = nix-support ] || [ ! -e "$entry" ] || merge "$entry" "$out/${entry##*/}"
      done
    elif [ -e "$package$folder" ]; then
      merge "$package$folder" "$out$folder"
    fi
  done
done
