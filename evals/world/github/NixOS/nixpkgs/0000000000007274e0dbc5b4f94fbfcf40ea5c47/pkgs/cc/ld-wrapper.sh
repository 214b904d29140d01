#!@shell@
# The linker, with the libraries of the inputs (NIX_LDFLAGS), the store's loader, and a library path of the store folders that the given
# libraries come from. NIX_DONT_SET_RPATH leaves the path out.

read -r -a extra <<<"${NIX_LDFLAGS_BEFORE-}"
params=()
for arg; do
  # The compiler passes long lists in a file, one quoted word a line.
  if [[ $arg == @* && -r ${arg#@} ]]; then
    while IFS= read -r word; do
      [[ $word == \"*\" ]] && word=${word:1:-1}
      params+=("${word//\\\\/\\}")
    done <"${arg#@}"
  else
    params+=("$arg")
  fi
done
read -r -a after <<<"${NIX_LDFLAGS-} ${NIX_LDFLAGS_AFTER-}"
params+=("${after[@]}")

folders=() names=() rpaths=() static= relocatable= shared=
declare -A seen
rpath() {
  if [[ -z ${seen[$1]-} ]]; then seen[$1]=1 rpaths+=(-rpath "$1"); fi
}
n=${#params[@]}
for ((i = 0; i < n; i++)); do
  arg=${params[i]}
  next=${params[i + 1]-}
  case $arg in
    -L) folders+=("$next"); i=$((i + 1)) ;;
    -L*) folders+=("${arg#-L}") ;;
    -l) names+=("$next"); i=$((i + 1)) ;;
    -l*) names+=("${arg#-l}") ;;
    -dynamic-linker | --dynamic-linker | -plugin | -o | -rpath | -rpath-link | -soname | -h | -m | -z) i=$((i + 1)) ;;
    -static | -no-dynamic-linker) static=1 ;;
    -shared | -Bshareable) shared=1 ;;
    -r | -i | --relocatable) relocatable=1 ;;
    "${NIX_STORE:-/nix/store}"/*.so | "${NIX_STORE:-/nix/store}"/*.so.*) rpath "${arg%/*}" ;;
  esac
done

if [[ -z $static && -z $relocatable ]]; then
  [[ -n $shared ]] || extra+=(-dynamic-linker @loader@)
  if [[ -z ${NIX_DONT_SET_RPATH-} ]]; then
    for name in "${names[@]}"; do
      if [[ $name == :* ]]; then file=${name#:}; else file=lib$name.so; fi
      for folder in "${folders[@]}"; do
        if [[ -e $folder/$file ]]; then
          [[ $folder == "${NIX_STORE:-/nix/store}"/* ]] && rpath "$folder"
          break
        fi
      done
    done
    rpath @glibc@/lib
    rpath @gcclib@/lib
  fi
fi

# relro and bindnow, as NIX_HARDENING_ENABLE says (cc-setup-hook.sh).
if [[ -z $relocatable ]]; then
  for flag in ${NIX_HARDENING_ENABLE-}; do
    case $flag in
      relro) extra+=(-z relro) ;;
      bindnow) extra+=(-z now) ;;
    esac
  done
fi

if [[ -n ${NIX_DEBUG-} ]]; then printf 'ld wrapper: %s\n' "${params[*]} ${extra[*]} ${rpaths[*]}" >&2; fi
# The compiler names a loader of its own before: the last one counts.
exec @ld@ "${params[@]}" "${extra[@]}" "${rpaths[@]}"
