{ mkCargoDerivation }:
{ cargoArtifacts, cargoExtraArgs ? "--locked", cargoTestExtraArgs ? "", ... }@args:
mkCargoDerivation (removeAttrs args [ "cargoExtraArgs" "cargoTestExtraArgs" ] // {
  inherit cargoArtifacts;
  doCheck = args.doCheck or true;
  pnameSuffix = "-test";
  buildPhaseCargoCommand = "";
  checkPhaseCargoCommand = "cargoWithProfile test ${cargoExtraArgs} ${cargoTestExtraArgs}";
  preConfigure = import ./without-check.nix "cargo tests" + args.preConfigure or "";
})
