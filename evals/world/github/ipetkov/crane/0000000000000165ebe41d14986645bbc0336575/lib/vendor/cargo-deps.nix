# All dependencies of one lock file as a folder with cargo's configuration for it.
{ findCargoFiles, lib, vendorMultipleCargoDeps }:
args:
let
  advice = ''
    - `cargoVendorDir = vendorCargoDeps { cargoLock = ./some/path/to/Cargo.lock; }`
    - `cargoVendorDir = vendorCargoDeps { src = ./src/containing/cargo/lock/file; }`
    - `cargoVendorDir = null` to vendor nothing
  '';
  given = args.src or (throw "unable to find `src` attribute. consider one of the following:\n${advice}");
  src = if given._isLibCleanSourceWith or false then given.origSrc else given;
  file = args.cargoLock or (src + "/Cargo.lock");
  contents = args.cargoLockContents or (
    if builtins.pathExists file then builtins.readFile file
    else throw ''
      unable to find Cargo.lock at ${src}. please ensure one of the following:
      - a Cargo.lock is at the root of the source, is *not* in .gitignore, and at least staged: `git add -N Cargo.lock`
      ${advice}''
  );
in
vendorMultipleCargoDeps ({
  cargoConfigs = if args ? src then (findCargoFiles args.src).cargoConfigs else [ ];
  cargoLockParsedList = [ (args.cargoLockParsed or (builtins.fromTOML contents)) ];
  outputHashes = args.outputHashes or { };
  overrideVendorCargoPackage = args.overrideVendorCargoPackage or (_: drv: drv);
  overrideVendorGitCheckout = args.overrideVendorGitCheckout or (_: drv: drv);
} // lib.optionalAttrs (args ? registries) { inherit (args) registries; })
