# A source with which cargo builds the dependencies and nothing of the project: its lock file and configuration, its manifests without what does
# not matter to dependencies, and an empty program for every target that the manifests or the usual places name.
{ cleanCargoToml, findCargoFiles, lib, runCommand, writeText, writeTOML }:
{ src, cargoLock ? null, extraDummyScript ? "", ... }@args:
let
  inherit (builtins) pathExists readDir unsafeDiscardStringContext;
  inherit (lib) concatMap concatMapStrings escapeShellArg optional optionalAttrs optionalString removePrefix;

  filtered = src._isLibCleanSourceWith or false;
  root = unsafeDiscardStringContext (toString (if filtered then src.origSrc else src) + "/");
  files = findCargoFiles src;
  relative = path: unsafeDiscardStringContext (removePrefix root (toString path));

  # The files that are taken as they are, and the folders above them only: a new folder elsewhere then changes nothing.
  kept = map relative files.cargoConfigs ++ [ "Cargo.lock" ];
  keptFiles = lib.cleanSourceWith {
    inherit src;
    name = "cleaned-mkDummySrc";
    filter = path: type:
      let here = lib.last (lib.splitString root path);
      in builtins.any (file: if type == "directory" then lib.hasPrefix (here + "/") file else file == here) kept;
  };

  allow = "#![allow(clippy::all)]\n#![allow(dead_code)]\n";
  program = allow + "pub fn main() {}\n";

  manifest = file:
    let
      dir = dirOf (relative file);
      toml = cleanCargoToml ({ cargoToml = file; } // optionalAttrs (args ? cleanCargoTomlFilter) { inherit (args) cleanCargoTomlFilter; });
      # A macro crate may export nothing but macros.
      macros = let l = toml.lib or { }; in l ? proc-macro || l ? proc_macro || builtins.elem "proc-macro" (l.crate-type or [ ]);
      stub = args.dummyrs or (writeText "dummy.rs" (if macros then allow else program));
      buildScript = args.dummyBuildrs or args.dummyrs or (writeText "dummyBuild.rs" program);

      # A build script outside the source: that of the project is then another one to cargo in spite of equal times, and whatever was built from
      # a stub is built again.
      stubbed = if toml ? package then lib.recursiveUpdate toml { package.build = "${buildScript}"; } else toml;

      entries = sub: let path = "${file}/../${sub}"; in if pathExists path then readDir path else { };
      sources = entries "src";
      binaries = optionalAttrs (toml.package.autobins or true) (entries "src/bin");
      foundBinaries = concatMap
        (name:
          if binaries.${name} == "regular" then [ "src/bin/${name}" ]
          else optional (binaries.${name} == "directory" && pathExists "${file}/../src/bin/${name}/main.rs") "src/bin/${name}/main.rs")
        (builtins.attrNames binaries);
      declaredBinaries = concatMap
        (bin:
          if bin ? path then [ bin.path ]
          else optional (bin.name != toml.package.name && !builtins.elem "src/bin/${bin.name}/main.rs" foundBinaries) "src/bin/${bin.name}.rs")
        (toml.bin or [ ]);
      declared = kind: folder: map (target: target.path or "${folder}/${target.name}.rs") (toml.${kind} or [ ]);
      targets =
        optional ((toml.package.autobins or true) && sources."main.rs" or "" == "regular") "src/main.rs"
        ++ optional (toml ? lib || (toml.package.autolib or true) && sources."lib.rs" or "" == "regular") (toml.lib.path or "src/lib.rs")
        ++ foundBinaries ++ declaredBinaries
        ++ declared "bench" "benches" ++ declared "example" "examples" ++ declared "test" "tests";
    in
    ''
      mkdir -p $out/${escapeShellArg dir}
      cp ${writeTOML "Cargo.toml" stubbed} $out/${escapeShellArg dir}/Cargo.toml
    '' + optionalString (toml ? package) (concatMapStrings (target: "stub ${stub} ${escapeShellArg "${dir}/${target}"}\n") (lib.unique targets));

  # The folder that a source is unpacked to has its name, and some tools mind when it changes between the two builds.
  name =
    let found = builtins.match "/([a-z0-9]{32}-)+(.*)" (unsafeDiscardStringContext (removePrefix builtins.storeDir "${src}"));
    in if found == null then "dummy-src" else lib.last found;
in
runCommand name { } ''
  stub() {
    mkdir -p "$(dirname "$out/$2")"
    cp -f "$1" "$out/$2"
  }
  mkdir -p $out
  cp -r --no-preserve=ownership ${keptFiles}/. $out
  chmod -R u+w $out
  ${optionalString (cargoLock != null) "cp -f ${cargoLock} $out/Cargo.lock"}
  ${concatMapStrings manifest files.cargoTomls}
  ${extraDummyScript}
''
