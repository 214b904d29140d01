# Toolchains from the manifests that Rust publishes for each release. A manifest that is not at hand is fetched, by its hash, while evaluating.
{ lib, pkgs, combine, toolchain }:
let
  offered = target: about: (about.target."*" or about.target.${target} or { }).available or false;
in
rec {
  fromManifest = target: suffix: manifest:
    let
      made = toolchain suffix {
        inherit target;
        inherit (manifest) date;
        # "1.95.0 (59807616e 2026-04-14)"; a nightly one has the date of the day before.
        release = lib.head (lib.splitString " " manifest.pkg.rustc.version);
        components = lib.attrNames (lib.filterAttrs (_: offered target) manifest.pkg);
      };
    in
    made
    // lib.mapAttrs' (profile: names: lib.nameValuePair "${profile}Toolchain" (made.withComponents (lib.filter (name: made ? ${name}) names))) manifest.profiles
    // { inherit manifest; };

  fromManifestFile = target: suffix: file: fromManifest target suffix (lib.importTOML file);

  toolchainOf = target: { root ? "https://static.rust-lang.org/dist", channel ? "nightly", date ? null, sha256 ? null }:
    let url = "${root}${lib.optionalString (date != null) "/${date}"}/channel-rust-${channel}.toml";
    in fromManifestFile target "-${channel}" (if sha256 == null then builtins.fetchurl url else pkgs.fetchurl { inherit url sha256; });

  # CHANNEL, CHANNEL-DATE or CHANNEL-DATE-TARGET, as rustup writes them; null where it is none of these.
  fromToolchainName = target: name: sha256:
    let
      date = "[[:digit:]]{4}-[[:digit:]]{2}-[[:digit:]]{2}";
      parts = builtins.match "(stable|beta|nightly|[[:digit:]]+\\.[[:digit:]]+(\\.[[:digit:]]+)?)(-(${date}))?(-([-[:alnum:]]+))?\n?" name;
      own = lib.elemAt parts 5;
    in
    if parts == null then null
    else toolchainOf (if own == null then target else own) { inherit sha256; channel = lib.elemAt parts 0; date = lib.elemAt parts 3; };

  fromToolchainFile = target: { file ? null, dir ? null, sha256 ? null }:
    let
      inDir = lib.findFirst lib.pathIsRegularFile (throw "No rust toolchain file found in ${dir}") [ (dir + "/rust-toolchain") (dir + "/rust-toolchain.toml") ];
      text = builtins.readFile (
        if file != null && dir == null then file
        else if file == null && dir != null then inDir
        else throw "One and only one of `file` and `dir` should be specified");
      line = fromToolchainName target text sha256;
      wanted = (builtins.fromTOML text).toolchain;
      base = fromToolchainName target wanted.channel sha256;
      names = lib.unique (base.manifest.profiles.${wanted.profile or "default"} ++ wanted.components or [ ]);
      std = other: (fromManifest other "-${wanted.channel}" base.manifest).rust-std;
    in
    if line != null then line.defaultToolchain
    else if wanted ? path then throw "fenix doesn't support toolchain.path"
    else combine "rust-${wanted.channel}" (lib.attrVals (lib.filter (name: base ? ${name}) names) base ++ map std (wanted.targets or [ ]));
}
