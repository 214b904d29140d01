{ mkCargoDerivation }:
{ cargoDocExtraArgs ? "--no-deps", cargoExtraArgs ? "--locked", ... }@args:
mkCargoDerivation (removeAttrs args [ "cargoDocExtraArgs" "cargoExtraArgs" ] // {
  pnameSuffix = "-doc";
  buildPhaseCargoCommand = "cargoWithProfile doc ${cargoExtraArgs} ${cargoDocExtraArgs}";
  doInstallCargoArtifacts = args.doInstallCargoArtifacts or false;
  docInstallRoot = args.docInstallRoot or "";
  # cargo writes to the root of the target folder even with a profile, but not for another target.
  installPhaseCommand = ''
    if [ -z "''${docInstallRoot-}" ]; then
      docInstallRoot=''${CARGO_TARGET_DIR:-target}/''${CARGO_BUILD_TARGET:-.}/doc
      [ -d "$docInstallRoot" ] || docInstallRoot=''${CARGO_TARGET_DIR:-target}/doc
    fi
    mkdir -p $out/share
    mv "$docInstallRoot" $out/share
  '';
})
