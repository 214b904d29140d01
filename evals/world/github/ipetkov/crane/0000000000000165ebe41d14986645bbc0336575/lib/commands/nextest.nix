{ cargo-nextest, lib, mkCargoDerivation }:
{ cargoArtifacts
, cargoExtraArgs ? ""
, cargoLlvmCovExtraArgs ? ""
, cargoNextestExtraArgs ? ""
, cargoNextestArchiveExtraArgs ? ""
, cargoNextestPartitionsExtraArgs ? ""
, partitions ? 1
, partitionType ? "count"
, withLlvmCov ? false
, ...
}@args:
if partitions < 1 then throw "cargoNextest: partitions must be at least 1"
else if partitions > 1 then throw "cargoNextest: this stand-in for crane runs tests in one partition"
else if withLlvmCov then throw "cargoNextest: this stand-in for crane has no cargo-llvm-cov"
else mkCargoDerivation (removeAttrs args [ "cargoExtraArgs" "cargoLlvmCovExtraArgs" "cargoNextestExtraArgs" "cargoNextestPartitionsExtraArgs" "partitions" "partitionType" "withLlvmCov" ] // {
  inherit cargoArtifacts;
  doCheck = args.doCheck or true;
  pnameSuffix = "-nextest";
  # A progress bar spoils a log.
  env = { NEXTEST_SHOW_PROGRESS = args.NEXTEST_SHOW_PROGRESS or "counter"; } // args.env or { };
  buildPhaseCargoCommand = args.buildPhaseCargoCommand or "mkdir -p $out\ncargo nextest --version";
  checkPhaseCargoCommand = "cargo nextest run \${CARGO_PROFILE:+--cargo-profile $CARGO_PROFILE} ${cargoExtraArgs} ${cargoNextestExtraArgs} ${cargoNextestPartitionsExtraArgs}";
  nativeBuildInputs = args.nativeBuildInputs or [ ] ++ [ cargo-nextest ];
  preConfigure = import ./without-check.nix "nextest tests" + args.preConfigure or "";
})
