{ mkCargoDerivation }:
{ cargoArtifacts, cargoExtraArgs ? "--locked", cargoTestExtraArgs ? "", ... }@args:
mkCargoDerivation (removeAttrs args [ "cargoExtraArgs" "cargoTestExtraArgs" ] // {
  inherit cargoArtifacts;
  doCheck = args.doCheck or true;
  pnameSuffix = "-doctest";
  buildPhaseCargoCommand = "";
  checkPhaseCargoCommand = "cargoWithProfile test --doc ${cargoExtraArgs} ${cargoTestExtraArgs}";
  preConfigure = import ./without-check.nix "doc tests" + args.preConfigure or "";
})
