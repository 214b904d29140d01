# What to build: the arguments of buildPackage with their defaults, and what the project's manifests and lock file say.
{ lib, pkgs }:
arg:
let
  # A path, a string or a derivation alone is the root of the project.
  isSet = builtins.isAttrs arg && !lib.isDerivation arg && !(arg ? outPath);
  given = if isSet then arg else { root = arg; };

  # Commands and options are changed, not replaced: the argument is a function of the default.
  changed = name: default:
    if !(given ? ${name}) then default
    else if lib.isFunction given.${name} then given.${name} default
    else throw "${name} should be a function from ${builtins.typeOf default} to ${builtins.typeOf default}, but is a ${builtins.typeOf given.${name}}";

  # Every argument that this library knows; all others go to mkDerivation.
  known = {
    name = given.name or null;
    version = given.version or null;
    src = given.src or null;
    root = given.root or null;
    gitAllRefs = given.gitAllRefs or false;
    gitSubmodules = given.gitSubmodules or false;
    additionalCargoLock = given.additionalCargoLock or null;
    cratesDownloadUrl = given.cratesDownloadUrl or null;
    copySources = given.copySources or [ ];
    usePureFromTOML = given.usePureFromTOML or true;
    mode = given.mode or "build";
    release = given.release or true;
    singleStep = given.singleStep or false;
    override = given.override or (old: old);
    overrideMain = given.overrideMain or (old: old);
    autoCrateSpecificOverrides = given.autoCrateSpecificOverrides or true;
    nativeBuildInputs = given.nativeBuildInputs or [ ];
    buildInputs = given.buildInputs or [ ];
    remapPathPrefix = given.remapPathPrefix or true;
    postInstall = given.postInstall or false;

    cargoOptions = changed "cargoOptions" [ ];
    cargoBuild = changed "cargoBuild" "cargo $cargo_options build $cargo_build_options >> $cargo_build_output_json";
    cargoBuildOptions = changed "cargoBuildOptions" [ "$cargo_release" "-j \"$NIX_BUILD_CORES\"" "--message-format=$cargo_message_format" ];
    cargoTestCommands = changed "cargoTestCommands" [ "cargo $cargo_options test $cargo_test_options" ];
    cargoTestOptions = changed "cargoTestOptions" [ "$cargo_release" "-j \"$NIX_BUILD_CORES\"" ];
    cargoClippyOptions = changed "cargoClippyOptions" [ "-D warnings" ];
    cargoFmtOptions = changed "cargoFmtOptions" [ "--check" ];

    doDoc = given.doDoc or false;
    doDocFail = given.doDocFail or false;
    cargoDocCommands = changed "cargoDocCommands" [ "cargo $cargo_options doc $cargo_doc_options" ];
    cargoDocOptions = changed "cargoDocOptions" [ "--offline" "$cargo_release" "-j \"$NIX_BUILD_CORES\"" ];
    copyDocsToSeparateOutput = given.copyDocsToSeparateOutput or true;
    removeReferencesToSrcFromDocs = given.removeReferencesToSrcFromDocs or true;

    copyBins = given.copyBins or true;
    copyBinsFilter = given.copyBinsFilter or "select(.reason == \"compiler-artifact\" and .executable != null and .profile.test == false)";
    copyLibs = given.copyLibs or false;
    copyLibsFilter = given.copyLibsFilter or "select(.reason == \"compiler-artifact\" and ((.target.kind | contains([\"staticlib\"])) or (.target.kind | contains([\"cdylib\"]))) and .filenames != null and .profile.test == false)";
    copyTarget = given.copyTarget or false;
    compressTarget = given.compressTarget or true;
  };

  # Where to read manifests (root), and what to build (src). A path of the evaluation is better to read from than a copy in the store.
  places =
    if known.src != null then {
      root = if known.root != null then known.root else known.src;
      src = if known.root == null && builtins.isPath known.src then lib.cleanSource known.src else known.src;
    }
    else if known.root != null then { inherit (known) root; src = if builtins.isPath known.root then lib.cleanSource known.root else known.root; }
    else throw "please specify either 'src' or 'root'";
  inherit (places) root src;

  readTOML =
    if known.usePureFromTOML then file: builtins.fromTOML (builtins.unsafeDiscardStringContext (builtins.readFile file))
    else throw "usePureFromTOML = false: this stand-in reads TOML with Nix alone";

  manifest = readTOML (root + "/Cargo.toml");
  lockFile = root + "/Cargo.lock";
  lock =
    if builtins.pathExists lockFile then readTOML lockFile
    else throw "Naersk requires Cargo.lock to be available in root. Check that it is not in .gitignore and stage it when using git to filter sources (which flakes does)";
  additionalLock = if known.additionalCargoLock == null then null else readTOML known.additionalCargoLock;

  # Every manifest below the root, since a workspace need not list all its members.
  manifests =
    let
      below = dir: lib.concatLists (lib.mapAttrsToList
        (name: type:
          if name == "Cargo.toml" then [ { inherit dir; toml = readTOML "${root}/${dir}/${name}"; } ]
          else if type == "directory" then below "${dir}/${name}"
          else [ ])
        (builtins.readDir "${root}/${dir}"));
    in
    below ".";

  # Sources that dependencies are patched with must be there for real when the dependencies are built.
  patched = map
    (patch:
      if lib.hasPrefix "/" patch.path
      then throw "'${toString src}/Cargo.toml' contains the absolute path '${toString patch.path}' which is not allowed under a [patch] section by naersk. Please make it relative to '${toString src}'"
      else patch.path)
    (lib.collect (value: lib.isAttrs value && value ? path) (manifest.patch or { }));

  command = {
    build = known.cargoBuild;
    check = "cargo $cargo_options check $cargo_build_options >> $cargo_build_output_json";
    test = "cargo $cargo_options test $cargo_test_options >> $cargo_build_output_json";
    clippy = "cargo $cargo_options clippy $cargo_build_options -- $cargo_clippy_options >> $cargo_build_output_json";
    fmt = "cargo $cargo_options fmt -- $cargo_fmt_options";
  }.${known.mode} or (throw "Unknown mode ${known.mode}, allowed modes: build, check, test, clippy");

  crateNames = map (pkg: pkg.name) (builtins.filter (pkg: pkg ? checksum) (lock.package or [ ]));
  # The crates whose native needs this library knows by itself.
  crateInputs =
    if known.autoCrateSpecificOverrides && builtins.elem "openssl-sys" crateNames
    then { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.openssl ]; }
    else { nativeBuildInputs = [ ]; buildInputs = [ ]; };
in
{
  inherit root src lock lockFile additionalLock manifests crateInputs;
  inherit (known) cratesDownloadUrl gitAllRefs gitSubmodules singleStep overrideMain;
  name = if known.name != null then known.name else manifest.package.name or (if manifest ? workspace then "rust-workspace" else "rust-package");
  version = if known.version != null then known.version else manifest.package.version or "unknown";
  copySources = known.copySources ++ patched;
  cargoConfig = lib.findFirst builtins.pathExists null [ (root + "/.cargo/config.toml") (root + "/.cargo/config") ];
  userAttrs = if isSet then removeAttrs given (builtins.attrNames known) else { };
  build = {
    cargoCommand = command;
    inherit (known)
      mode release override cargoOptions cargoBuildOptions cargoTestCommands cargoTestOptions cargoClippyOptions cargoFmtOptions doDoc doDocFail
      cargoDocCommands cargoDocOptions copyDocsToSeparateOutput removeReferencesToSrcFromDocs copyBins copyBinsFilter copyLibs copyLibsFilter
      copyTarget compressTarget remapPathPrefix nativeBuildInputs buildInputs postInstall;
  };
}
