{ cargo-deny, mkCargoDerivation }:
{ cargoDenyExtraArgs ? "", cargoDenyChecks ? "bans licenses sources", cargoExtraArgs ? "", ... }@args:
mkCargoDerivation (removeAttrs args [ "cargoDenyExtraArgs" "cargoExtraArgs" ] // {
  cargoArtifacts = null;
  doInstallCargoArtifacts = false;
  pnameSuffix = "-deny";
  buildPhaseCargoCommand = "cargo --offline ${cargoExtraArgs} deny ${cargoDenyExtraArgs} check ${cargoDenyChecks}";
  nativeBuildInputs = args.nativeBuildInputs or [ ] ++ [ cargo-deny ];
})
