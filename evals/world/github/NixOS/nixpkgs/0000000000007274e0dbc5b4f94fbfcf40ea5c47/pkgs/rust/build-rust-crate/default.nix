# buildRustCrate { crateName, version, src, dependencies, … }: one crate in one derivation, compiled by rustc itself; cargo only finds a crate
# inside a checkout. A crate sees its own source and nothing beside it, and the libraries of C only where an override gives them.
{ lib, stdenv, rustc, cargo, jq, libiconv, fetchCrate, defaultCrateOverrides }:
let
  underscored = builtins.replaceStrings [ "-" ] [ "_" ];
  inherit (stdenv) hostPlatform;

  # What a crate is called in the code that uses it: its library's name unless the manifest renames it, for one version or for all.
  externName = renames: dep:
    let
      choices = renames.${dep.crateName} or [ ];
      fits = choice: !(choice ? version) || choice.version == dep.version;
      chosen = lib.findFirst fits { rename = dep.libName; } choices;
    in
    underscored (if builtins.isString choices then choices else chosen.rename);

  linkable = dep:
    let shared = if dep.procMacro or false then stdenv.buildPlatform.extensions.library else hostPlatform.extensions.library;
      extension = if builtins.any (type: type == "lib" || type == "rlib") dep.crateType then ".rlib" else shared;
    in "${dep.lib}/lib/lib${underscored dep.libName}-${dep.metadata}${extension}";

  externs = renames: map (dep: "--extern ${externName renames dep}=${linkable dep}");

  # What this function itself makes of the crate's attributes. All others go to mkDerivation as they are, and may replace what is made here.
  consumed = [
    "src" "nativeBuildInputs" "buildInputs" "crateBin" "crateLib" "libName" "libPath" "buildDependencies" "dependencies" "features" "crateRenames"
    "crateName" "version" "build" "authors" "colors" "edition" "buildTests" "codegenUnits" "links"
  ];
  texts = [ "preUnpack" "postUnpack" "prePatch" "postPatch" "preConfigure" "postConfigure" "preBuild" "postBuild" "preInstall" "postInstall" ];
in
given:
lib.makeOverridable
  (args@{ rust, cargo, release, verbose, features, nativeBuildInputs, buildInputs, crateOverrides, dependencies, buildDependencies, crateRenames
    , extraRustcOpts, extraRustcOptsForBuildRs, buildTests, patches, ... }:
    let
      crate = given // (crateOverrides.${given.crateName} or (_: { })) given;
      edition = crate.edition or null;
      editionOption = lib.optional (edition != null) "--edition ${edition}";
      # A feature of a dependency, or a word that only enables one, is none of the crate's own.
      ownFeatures = lib.optionals (crate ? features) (builtins.filter (f: !(lib.hasInfix "/" f || lib.hasPrefix "dep:" f)) (crate.features ++ features));
      crateType =
        if crate.procMacro or false then [ "proc-macro" ]
        else if crate.plugin or false then [ "dylib" ]
        else crate.type or [ "lib" ];
      enabled = bin: builtins.all (feature: builtins.elem feature ownFeatures) (bin.requiredFeatures or [ ]);
      versionParts = lib.splitString "-" crate.version;
      numbers = lib.splitString "." (builtins.head (lib.splitString "+" (builtins.head versionParts)));
    in
    stdenv.mkDerivation (rec {
      inherit (crate) crateName version;
      name = "rust_${crate.crateName}-${crate.version}${lib.optionalString buildTests "-test"}";
      src = crate.src or (fetchCrate { inherit (crate) crateName version sha256; });
      inherit patches buildTests release verbose;

      nativeBuildInputs = [ rust cargo jq ] ++ crate.nativeBuildInputs or [ ] ++ args.nativeBuildInputs;
      buildInputs = lib.optional hostPlatform.isDarwin libiconv ++ crate.buildInputs or [ ] ++ args.buildInputs;
      dependencies = map lib.getLib args.dependencies;
      buildDependencies = map lib.getLib args.buildDependencies;
      completeDeps = lib.unique (dependencies ++ lib.concatMap (dep: dep.completeDeps) dependencies);
      completeBuildDeps = lib.unique (buildDependencies ++ lib.concatMap (dep: dep.completeBuildDeps ++ dep.completeDeps) buildDependencies);

      crateFeatures = ownFeatures;
      inherit crateType edition;
      libName = crate.libName or crate.crateName;
      libPath = crate.libPath or "";
      build = crate.build or "";
      # A path below the source; null where the crate is to be looked for by its name.
      workspace_member = crate.workspace_member or ".";
      searchMember = workspace_member == null;
      codegenUnits = crate.codegenUnits or 1;
      colors = crate.colors or "always";
      extraLinkFlags = crate.extraLinkFlags or [ ];

      # Keeps apart crates of one name that differ in version, features or in what they are built from.
      metadata = builtins.substring 0 10 (builtins.hashString "sha256"
        (builtins.concatStringsSep "\n" ([ crateName crate.version (toString ownFeatures) hostPlatform.rust.rustcTarget ] ++ map (dep: dep.metadata) (dependencies ++ buildDependencies))));

      externOptions = externs crateRenames args.dependencies;
      buildExternOptions = externs crateRenames args.buildDependencies;
      # Names of their own: what the crate says of options goes to mkDerivation too.
      rustcOptions = crate.extraRustcOpts or [ ] ++ args.extraRustcOpts ++ editionOption;
      buildScriptOptions = crate.extraRustcOptsForBuildRs or [ ] ++ args.extraRustcOptsForBuildRs ++ editionOption;

      # NAME, a tab and the path, one program a line. A crate that says nothing of programs has those that cargo would find.
      hasCrateBin = crate ? crateBin;
      binTargets = lib.concatMapStrings (bin: "${bin.name}\t${bin.path or ""}\n") (builtins.filter enabled (crate.crateBin or [ ]));

      rustTarget = hostPlatform.rust.rustcTarget;
      rustHost = stdenv.buildPlatform.rust.rustcTarget;
      crateEnvironment = builtins.toJSON {
        CARGO_PKG_NAME = crateName;
        CARGO_PKG_VERSION = crate.version;
        CARGO_PKG_VERSION_MAJOR = builtins.elemAt numbers 0;
        CARGO_PKG_VERSION_MINOR = builtins.elemAt numbers 1;
        CARGO_PKG_VERSION_PATCH = builtins.elemAt numbers 2;
        CARGO_PKG_VERSION_PRE = lib.concatStringsSep "-" (builtins.tail versionParts);
        CARGO_PKG_AUTHORS = lib.concatStringsSep ":" (if builtins.isList (crate.authors or null) then crate.authors else [ ]);
        CARGO_PKG_DESCRIPTION = crate.description or "";
        CARGO_PKG_HOMEPAGE = crate.homepage or "";
        CARGO_PKG_LICENSE = crate.license or "";
        CARGO_PKG_LICENSE_FILE = crate.license-file or "";
        CARGO_PKG_README = crate.readme or "";
        CARGO_PKG_REPOSITORY = crate.repository or "";
        CARGO_PKG_RUST_VERSION = crate.rust-version or "";
        CARGO_CFG_TARGET_ARCH = hostPlatform.rust.platform.arch;
        CARGO_CFG_TARGET_OS = hostPlatform.rust.platform.os;
        CARGO_CFG_TARGET_FAMILY = "unix";
        CARGO_CFG_UNIX = "1";
        CARGO_CFG_TARGET_ENV = lib.optionalString hostPlatform.isGnu "gnu";
        CARGO_CFG_TARGET_ENDIAN = if hostPlatform.isLittleEndian then "little" else "big";
        CARGO_CFG_TARGET_POINTER_WIDTH = toString hostPlatform.parsed.cpu.bits;
        CARGO_CFG_TARGET_VENDOR = hostPlatform.rust.platform.vendor or "unknown";
        TARGET = rustTarget;
        HOST = rustHost;
        PROFILE = if release then "release" else "debug";
        OPT_LEVEL = if release then "3" else "0";
        DEBUG = if release then "false" else "true";
        NUM_JOBS = "1";
        RUSTC = "rustc";
        RUSTDOC = "rustdoc";
      };
      crateLinks = crate.links or "";
      passAsFile = [ "crateEnvironment" "binTargets" ];

      buildScriptFunctions = ./build-script.sh;
      configurePhase = ''
        runHook preConfigure
        source ${./configure.sh}
        configureCrate
        runHook postConfigure
      '';
      buildPhase = ''
        runHook preBuild
        source ${./compile.sh}
        compileCrate
        runHook postBuild
      '';
      installPhase = ''
        runHook preInstall
        source ${./install.sh}
        ${if buildTests then "installTests" else "installCrate"}
        runHook postInstall
      '';
      dontStrip = !release;
      stripExclude = [ "*.rlib" ];

      outputs = if buildTests then [ "out" ] else [ "out" "lib" ];
      outputDev = if buildTests then "out" else "lib";
      meta.mainProgram = crateName;
    } // lib.getAttrs texts args // builtins.removeAttrs crate consumed))
  ({
    rust = given.rust or rustc;
    cargo = given.cargo or cargo;
    release = given.release or true;
    verbose = given.verbose or true;
    extraRustcOpts = [ ];
    extraRustcOptsForBuildRs = [ ];
    features = [ ];
    nativeBuildInputs = [ ];
    buildInputs = [ ];
    crateOverrides = defaultCrateOverrides;
    patches = given.patches or [ ];
    dependencies = given.dependencies or [ ];
    buildDependencies = given.buildDependencies or [ ];
    crateRenames = given.crateRenames or { };
    buildTests = given.buildTests or false;
  } // lib.genAttrs texts (name: given.${name} or ""))
