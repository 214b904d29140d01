# buildRustPackage: cargo build, test and install with vendored dependencies and without network.
{ lib, stdenv, cargo, rustc, fetchCargoVendor, importCargoLock, hooks }:
lib.extendMkDerivation {
  constructDrv = stdenv.mkDerivation;
  excludeDrvArgNames = [ "depsExtraArgs" "cargoUpdateHook" "cargoLock" "useFetchCargoVendor" "auditable" "useNextest" ];

  extendDrvArgs = finalAttrs:
    { name ? "${args.pname}-${args.version}"
    , cargoDepsName ? args.pname or name
    , src ? null
    , srcs ? null
    , preUnpack ? null
    , unpackPhase ? null
    , postUnpack ? null
    , cargoPatches ? [ ]
    , patches ? [ ]
    , sourceRoot ? null
    , cargoRoot ? null
    , logLevel ? ""
    , buildInputs ? [ ]
    , nativeBuildInputs ? [ ]
    , cargoDepsHook ? ""
    , buildType ? "release"
    , meta ? { }
    , useFetchCargoVendor ? true
    , cargoDeps ? null
    , cargoLock ? null
    , cargoVendorDir ? null
    , checkType ? buildType
    , buildNoDefaultFeatures ? false
    , checkNoDefaultFeatures ? buildNoDefaultFeatures
    , buildFeatures ? [ ]
    , checkFeatures ? buildFeatures
    , useNextest ? false
    , auditable ? true
    , depsExtraArgs ? { }
    , buildAndTestSubdir ? null
    , ...
    }@args:
    let
      hasHash = args.cargoHash or null != null || args.cargoSha256 or null != null;
      vendored =
        if cargoVendorDir != null then null
        else if cargoDeps != null then cargoDeps
        else if cargoLock != null then importCargoLock cargoLock
        else if args.cargoSha256 or null != null then throw "`cargoSha256` has been removed in favor of `cargoHash`"
        else if hasHash then
          fetchCargoVendor ({
            inherit src srcs sourceRoot cargoRoot preUnpack unpackPhase postUnpack;
            name = if args ? cargoDepsName then cargoDepsName else name;
            patches = cargoPatches;
            hash = args.cargoHash;
          } // depsExtraArgs)
        else throw "cargoHash, cargoVendorDir, cargoDeps, or cargoLock must be set";
    in
    if !useFetchCargoVendor then throw "buildRustPackage: `useFetchCargoVendor` is non‐optional and enabled by default as of 25.05, remove it"
    else if useNextest then throw "buildRustPackage: this stand-in runs no tests by cargo-nextest"
    else {
      cargoDeps = vendored;
      inherit buildAndTestSubdir;
      cargoBuildType = buildType;
      cargoCheckType = checkType;
      cargoBuildNoDefaultFeatures = buildNoDefaultFeatures;
      cargoCheckNoDefaultFeatures = checkNoDefaultFeatures;
      cargoBuildFeatures = buildFeatures;
      cargoCheckFeatures = checkFeatures;

      nativeBuildInputs = nativeBuildInputs ++ [ hooks.cargoBuildHook hooks.cargoCheckHook hooks.cargoInstallHook hooks.cargoSetupHook rustc ];
      inherit buildInputs;
      patches = cargoPatches ++ patches;
      PKG_CONFIG_ALLOW_CROSS = "0";

      postUnpack = ''
        eval "$cargoDepsHook"
        export RUST_LOG=${logLevel}
      '' + (args.postUnpack or "");

      configurePhase = args.configurePhase or ''
        runHook preConfigure
        runHook postConfigure
      '';

      doCheck = args.doCheck or true;
      strictDeps = true;
      meta = { platforms = lib.platforms.all; } // meta;
    };
}
