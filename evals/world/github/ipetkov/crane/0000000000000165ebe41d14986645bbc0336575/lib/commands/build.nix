{ mkCargoDerivation }:
{ cargoArtifacts, cargoExtraArgs ? "--locked", ... }@args:
mkCargoDerivation (removeAttrs args [ "cargoExtraArgs" ] // {
  inherit cargoArtifacts;
  pnameSuffix = "-build";
  buildPhaseCargoCommand = "cargoWithProfile build ${cargoExtraArgs}";
})
