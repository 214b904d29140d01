# format = "setuptools": a wheel by setup.py, without a pyproject.toml.
setuptoolsBuildPhase() {
  echo "Executing setuptoolsBuildPhase"
  runHook preBuild
  if [[ ! -f setup.py ]]; then
    echo "setuptoolsBuildPhase: there is no setup.py; a project with pyproject.toml is built with pyproject = true" >&2
    return 1
  fi
  @pythonInterpreter@ -c 'import sys, setuptools; sys.argv[0] = __file__ = "setup.py"; exec(compile(open(__file__).read(), __file__, "exec"))' bdist_wheel
  runHook postBuild
  echo "Finished executing setuptoolsBuildPhase"
}
if [[ -z ${dontUseSetuptoolsBuild-} && -z ${buildPhase-} ]]; then
  echo "Using setuptoolsBuildPhase"
  buildPhase=setuptoolsBuildPhase
fi
