# The wheels, and archives of the source where there are any, in an output of their own.
pythonOutputDistPhase() {
  echo "Executing pythonOutputDistPhase"
  mv dist "$dist"
  echo "Finished executing pythonOutputDistPhase"
}
appendToVar preFixupPhases pythonOutputDistPhase
