# format = "wheel": the source is a wheel, which is only installed.
wheelUnpackPhase() {
  echo "Executing wheelUnpackPhase"
  runHook preUnpack
  mkdir -p source/dist
  cp "$src" "source/dist/$(stripHash "$src")"
  sourceRoot=source
  runHook postUnpack
  echo "Finished executing wheelUnpackPhase"
}
if [[ -z ${unpackPhase-} ]]; then
  unpackPhase=wheelUnpackPhase
  dontBuild=1
fi
