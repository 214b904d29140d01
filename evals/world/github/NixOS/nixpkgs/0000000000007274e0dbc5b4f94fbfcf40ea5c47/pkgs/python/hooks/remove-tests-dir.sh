# A folder of tests at the top of site-packages would stand in the way of every other package's.
pythonRemoveTestsDir() {
  echo "Executing pythonRemoveTestsDir"
  rm -rf "$out/@pythonSitePackages@/tests"
  echo "Finished executing pythonRemoveTestsDir"
}
if [[ -z ${dontUsePythonRemoveTestsDir-} ]]; then postInstallHooks+=(pythonRemoveTestsDir); fi
