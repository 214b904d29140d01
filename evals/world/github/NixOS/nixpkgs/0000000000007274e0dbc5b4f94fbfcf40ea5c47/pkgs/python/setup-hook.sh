# Packages among the inputs of a build or a shell are found by the interpreter.
addPythonPath() { addToSearchPath PYTHONPATH "$1/lib/python3.13/site-packages"; }
toPythonPath() {
  local package result=
  for package in "$@"; do result+=${result:+:}$package/lib/python3.13/site-packages; done
  echo "$result"
}
if [[ -z ${_pythonHookDone-} ]]; then
  _pythonHookDone=1
  addEnvHooks -1 addPythonPath
  addEnvHooks 0 addPythonPath
fi
# The same bytecode whenever it is made, and nothing of a person's own.
export DETERMINISTIC_BUILD=1 PYTHONHASHSEED=0 PYTHONNOUSERSITE=1
# An archive of Python's cannot hold a time before 1980.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800}
