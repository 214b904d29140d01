# One derivation that runs cargo: the dependencies on their stub, or the project on top of them.
{ lib, stdenv, cargo, rustc, clippy, jq, zstd, ... }:
{ pname, version, src, vendored, builtDependencies, userAttrs, crateInputs
, mode, release, override, cargoCommand, cargoOptions, cargoBuildOptions, cargoTestCommands, cargoTestOptions, cargoClippyOptions
, cargoFmtOptions, doDoc, doDocFail, cargoDocCommands, cargoDocOptions, copyDocsToSeparateOutput, removeReferencesToSrcFromDocs
, copyBins, copyBinsFilter, copyLibs, copyLibsFilter, copyTarget, compressTarget, remapPathPrefix, nativeBuildInputs, buildInputs, postInstall
}:
let
  when = lib.optionalString;
  each = f: lib.concatMapStringsSep "\n" f;
in
(stdenv.mkDerivation ({
  name = "${pname}-${version}";
  inherit src version builtDependencies postInstall remapPathPrefix;

  outputs = [ "out" ] ++ lib.optional (doDoc && copyDocsToSeparateOutput) "doc";
  preInstallPhases = lib.optional doDoc [ "docPhase" ];
  # cmake among the inputs is for a dependency's build script, not for this source.
  dontUseCmakeConfigure = true;

  nativeBuildInputs = [ cargo jq ] ++ nativeBuildInputs ++ lib.optional (mode == "clippy") clippy ++ crateInputs.nativeBuildInputs;
  buildInputs = buildInputs ++ crateInputs.buildInputs;

  RUSTC = "${rustc}/bin/rustc";
  cargoconfig = vendored.config;
  passAsFile = [ "cargoconfig" ];
  cratesio_sources = vendored.crates;
  git_sources = vendored.git;
  cargo_release = when release "--release";
  cargo_options = cargoOptions;
  cargo_build_options = cargoBuildOptions;
  cargo_test_options = cargoTestOptions;
  cargo_clippy_options = cargoClippyOptions;
  cargo_fmt_options = cargoFmtOptions;
  cargo_doc_options = cargoDocOptions;
  cargo_bins_jq_filter = copyBinsFilter;
  cargo_libs_jq_filter = copyLibsFilter;
  zstd = "${lib.getBin zstd}/bin/zstd";

  configurePhase = ''
    runHook preConfigure
    source ${./phases.sh}
    naerskConfigure
    runHook postConfigure
  '';

  buildPhase = ''
    runHook preBuild
    export SOURCE_DATE_EPOCH=1
    cargo_ec=0
    logRun ${cargoCommand} || cargo_ec="$?"
    naerskBuilt
    runHook postBuild
  '';

  checkPhase = ''
    runHook preCheck
    export SOURCE_DATE_EPOCH=1
    ${each (command: "logRun ${command}") cargoTestCommands}
    runHook postCheck
  '';

  docPhase = when doDoc ''
    runHook preDoc
    export SOURCE_DATE_EPOCH=1
    ${each (command: "logRun ${command} || ${if doDocFail then "false" else "true"}") cargoDocCommands}
    ${when removeReferencesToSrcFromDocs "naerskCleanDocs"}
    runHook postDoc
  '';

  installPhase = ''
    runHook preInstall
    export SOURCE_DATE_EPOCH=1
    ${when copyBins "naerskCopyBins"}
    ${when copyLibs "naerskCopyLibs"}
    ${when copyTarget (if compressTarget then "naerskPackTarget" else "mkdir -p $out; cp -r target $out")}
    ${when (doDoc && copyDocsToSeparateOutput) ''
      cp -r target/doc $doc
      if [[ -n "$CARGO_BUILD_TARGET" && -d "target/$CARGO_BUILD_TARGET/doc" ]]; then cp -r "target/$CARGO_BUILD_TARGET/doc/." $doc/; fi
    ''}
    runHook postInstall
  '';

  passthru = { inherit builtDependencies; };
} // userAttrs)).overrideAttrs override
