{ cargo-audit, lib, mkCargoDerivation }:
{ advisory-db, cargoAuditExtraArgs ? "--ignore yanked", src, ... }@args:
mkCargoDerivation (removeAttrs args [ "cargoAuditExtraArgs" ] // {
  # Lock files and the tool's configuration: other changes cannot change the answer.
  src = lib.cleanSourceWith {
    inherit src;
    filter = path: type: type == "directory" || lib.hasSuffix "Cargo.lock" path || lib.hasSuffix "audit.toml" path;
  };
  # There is no manifest in that source to have a name from.
  pname = args.pname or "crate";
  version = args.version or "0.0.0";
  cargoArtifacts = null;
  cargoVendorDir = null;
  doInstallCargoArtifacts = false;
  pnameSuffix = "-audit";
  buildPhaseCargoCommand = "cargo audit -n -d ${advisory-db} ${cargoAuditExtraArgs}";
  nativeBuildInputs = args.nativeBuildInputs or [ ] ++ [ cargo-audit ];
})
