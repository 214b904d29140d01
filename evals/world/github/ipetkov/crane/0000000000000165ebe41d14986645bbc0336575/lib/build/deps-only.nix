# The dependencies alone, built on a dummy source: cargo check, build and (without running anything) test, so that every later command finds its own.
{ crateNameFromCargoToml, lib, mkCargoDerivation, mkDummySrc, vendorCargoDeps }:
{ cargoBuildCommand ? "cargoWithProfile build"
, cargoCheckCommand ? "cargoWithProfile check"
, cargoExtraArgs ? "--locked"
, cargoBuildExtraArgs ? ""
, cargoTestCommand ? "cargoWithProfile test"
, cargoTestExtraArgs ? "--no-run"
, ...
}@args:
let
  # Dependencies of tests too, unless tests are not wanted.
  doCheck = args.doCheck or true;
  cargoCheckExtraArgs = args.cargoCheckExtraArgs or (lib.optionalString doCheck "--all-targets");

  # Names and lock file are read from a given dummy source, and never from a computed one: that would build it during the evaluation.
  readFrom = if args ? dummySrc then args // { src = args.dummySrc; } else args;
  name = crateNameFromCargoToml readFrom;
in
mkCargoDerivation (removeAttrs args [
  "cargoBuildCommand" "cargoCheckCommand" "cargoCheckExtraArgs" "cargoExtraArgs" "cargoBuildExtraArgs" "cargoTestCommand" "cargoTestExtraArgs"
  "dummySrc" "outputHashes" "outputs"
] // {
  inherit doCheck;
  src =
    if args ? dummySrc then lib.warnIf (args.src or null != null) "buildDepsOnly will ignore `src` when `dummySrc` is specified" args.dummySrc
    else mkDummySrc args;
  pnameSuffix = "-deps";
  pname = args.pname or name.pname;
  version = args.version or name.version;
  cargoArtifacts = null;
  cargoVendorDir = args.cargoVendorDir or (vendorCargoDeps readFrom);
  # By this a hook knows that it does not see the project.
  env = { CRANE_BUILD_DEPS_ONLY = 1; } // args.env or { };
  buildPhaseCargoCommand = args.buildPhaseCargoCommand or ''
    ${cargoCheckCommand} ${cargoExtraArgs} ${cargoCheckExtraArgs}
    ${cargoBuildCommand} ${cargoExtraArgs} ${cargoBuildExtraArgs}
  '';
  checkPhaseCargoCommand = args.checkPhaseCargoCommand or "${cargoTestCommand} ${cargoExtraArgs} ${cargoTestExtraArgs}";
  doInstallCargoArtifacts = true;
})
