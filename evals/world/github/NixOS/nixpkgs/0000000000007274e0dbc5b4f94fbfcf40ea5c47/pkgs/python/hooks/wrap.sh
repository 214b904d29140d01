# wrapPythonPrograms: programs of the output find their packages wherever they are started.
wrapPythonPrograms() { wrapPythonProgramsIn "$out/bin" "$out ${pythonPath[*]-}"; }

buildPythonPath() {
  local -A __seenPython=()
  local package
  program_PYTHONPATH= program_PATH=
  for package in $1; do _addToPythonPath "$package"; done
}
_addToPythonPath() {
  local package=$1 next list=
  if [[ -n ${__seenPython[$package]-} ]]; then return 0; fi
  __seenPython[$package]=1
  addToSearchPath program_PYTHONPATH "$package/@pythonSitePackages@"
  addToSearchPath program_PATH "$package/bin"
  if [[ -e $package/nix-support/propagated-build-inputs ]]; then list=$(<"$package/nix-support/propagated-build-inputs"); fi
  for next in $list; do _addToPythonPath "$next"; done
}

wrapPythonProgramsIn() {
  local file first arguments
  [[ -d $1 ]] || return 0
  buildPythonPath "$2"
  while IFS= read -r -d '' file; do
    IFS= read -r first <"$file" 2>/dev/null || true
    if [[ $first =~ ^'#!'.*/env' '*python ]]; then
      sed -i -e '1s|^.*$|#!@pythonInterpreter@|' "$file"
      first='#!@pythonInterpreter@'
    fi
    [[ $first =~ ^'#!'.*'/'\.?python ]] || continue
    echo "wrapping \`$file'..."
    @pythonInterpreter@ @patcher@ "$file" "$program_PYTHONPATH"
    arguments=(--prefix PATH : "$program_PATH")
    if [[ -z ${permitUserSite-} ]]; then arguments+=(--set PYTHONNOUSERSITE true); fi
    if _isArray makeWrapperArgs; then arguments+=("${makeWrapperArgs[@]}"); else eval "arguments+=(${makeWrapperArgs-})"; fi
    wrapProgram "$file" "${arguments[@]}"
  done < <(find "$1" -type f -perm -0100 -print0)
}
