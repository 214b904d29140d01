# A stand-in for nixpkgs-fmt: it takes blanks off the ends of lines and ends a file with one line feed; it lays nothing out.
set -euo pipefail

check=
paths=()
for argument in "$@"; do
  case $argument in
    --check) check=1 ;;
    --version) echo "nixpkgs-fmt 1.3.0"; exit 0 ;;
    -*) echo "error: this stand-in for nixpkgs-fmt knows --check and --version, not $argument" >&2; exit 2 ;;
    *) paths+=("$argument") ;;
  esac
done
((${#paths[@]} > 0)) || paths=(.)

changed=0
while IFS= read -r -d '' file; do
  wanted=$(sed -E 's/[[:blank:]]+$//' "$file"; printf x)
  wanted=${wanted%x}
  while [[ $wanted == *$'\n\n' ]]; do wanted=${wanted%$'\n'}; done
  [[ -z $wanted || $wanted == *$'\n' ]] || wanted+=$'\n'
  if [[ $wanted != "$(cat "$file"; printf x)" && "${wanted}x" != "$(cat "$file"; printf x)" ]]; then
    changed=$((changed + 1))
    if [[ -n $check ]]; then echo "$file"; else printf %s "$wanted" > "$file"; fi
  fi
done < <(find "${paths[@]}" -name '*.nix' -type f -print0)
echo "$changed file(s) $([[ -n $check ]] && echo "would be" || echo "were") reformatted"
[[ -z $check || $changed == 0 ]]
