# The dependencies of a Cargo.lock, one download for each by the checksum that stands in the lock; a hash is needed for git dependencies only.
{ lib, runCommand, fetchurl, fetchgit, cargo, jq }:
{ lockFile ? null
, lockFileContents ? null
, allowBuiltinFetchGit ? false
, extraRegistries ? { }
, outputHashes ? { }
}@args:

assert (lockFile == null) != (lockFileContents == null);

let
  text = if lockFile != null then builtins.readFile lockFile else args.lockFileContents;
  lock = builtins.fromTOML text;
  # Versions 1 and 2 do not say so.
  lockVersion = lock.version or 2;
  dependencies = builtins.filter (pkg: pkg ? source) (lock.package or [ ]);
  isGit = pkg: lib.hasPrefix "git+" pkg.source;
  dlOf = import ./registry.nix { inherit lib; } { inherit extraRegistries; };

  parseGit = source:
    let parts = builtins.match "git\\+([^?#]+)(\\?(rev|tag|branch)=([^#]*))?#(.*)" source;
      kind = builtins.elemAt parts 2;
    in
    if parts == null then throw "Cannot handle crate source: ${source}"
    else { url = builtins.elemAt parts 0; sha = builtins.elemAt parts 4; } // lib.optionalAttrs (kind != null) { inherit kind; value = builtins.elemAt parts 3; };

  # One hash serves all packages of a commit.
  commits = builtins.listToAttrs (map (pkg: lib.nameValuePair "${pkg.name}-${pkg.version}" (parseGit pkg.source).sha) (builtins.filter isGit dependencies));
  hashes = lib.mapAttrs'
    (nameVersion: hash: {
      name = commits.${nameVersion} or (throw "A hash was specified for ${nameVersion}, but there is no corresponding git dependency.");
      value = hash;
    })
    outputHashes;

  registryCrate = pkg:
    let
      checksum = pkg.checksum or lock.metadata."checksum ${pkg.name} ${pkg.version} (${pkg.source})" or (throw "Package ${pkg.name} does not have a checksum.\n");
    in
    {
      inherit (pkg) name version;
      inherit checksum;
      tarball = fetchurl {
        name = "crate-${pkg.name}-${pkg.version}.tar.gz";
        url = "${dlOf pkg.source}/${pkg.name}/${pkg.version}/download";
        sha256 = checksum;
      };
    };

  gitCrate = pkg:
    let
      git = parseGit pkg.source;
      tree =
        if hashes ? ${git.sha} then fetchgit { inherit (git) url; rev = git.sha; sha256 = hashes.${git.sha}; }
        else if allowBuiltinFetchGit then builtins.fetchGit { inherit (git) url; rev = git.sha; allRefs = true; submodules = true; }
        else throw ''
          No hash was found while vendoring the git dependency ${pkg.name}-${pkg.version}. You can add
          a hash through the `outputHashes` argument of `importCargoLock`:

          outputHashes = {
            "${pkg.name}-${pkg.version}" = "<hash>";
          };

          If you use `buildRustPackage`, you can add this attribute to the `cargoLock`
          attribute set.
        '';
    in
    "${pkg.name} ${pkg.version} ${tree} ${pkg.source}";

  registryCrates = map registryCrate (builtins.filter (pkg: !isGit pkg && dlOf pkg.source != null) dependencies);
  gitCrates = map gitCrate (builtins.filter isGit dependencies);
  foreign = builtins.filter (pkg: !isGit pkg && dlOf pkg.source == null) dependencies;
in
if foreign != [ ] then throw "Cannot handle crate source: ${(builtins.head foreign).source}"
# Stale hashes are an error even where no dependency is from git.
else builtins.deepSeq hashes (runCommand "cargo-vendor-dir"
  ({
    crates = lib.concatMapStrings (c: "${c.name} ${c.version} ${c.checksum} ${c.tarball}\n") registryCrates;
    gitCrates = lib.concatMapStrings (line: line + "\n") gitCrates;
    passAsFile = [ "crates" "gitCrates" ] ++ lib.optional (lockFile == null) "lockFileContents";
    extraRegistries = builtins.attrNames extraRegistries;
    nativeBuildInputs = lib.optionals (gitCrates != [ ]) [ cargo jq ];
    decode = lockVersion >= 4;
    manifestFilter = ./manifest.jq;
  } // (if lockFile == null then { inherit lockFileContents; } else { passthru = { inherit lockFile; }; }))
  ''
    source ${./git-crate.sh}
    mkdir -p $out/.cargo
    ${if lockFile == null then "cp $lockFileContentsPath $out/Cargo.lock" else "ln -s ${lockFile} $out/Cargo.lock"}
    cat >$out/.cargo/config.toml <<EOF
    [source.crates-io]
    replace-with = "vendored-sources"

    [source.vendored-sources]
    directory = "@vendor@"
    EOF
    for registry in $extraRegistries; do
      printf '\n[source."%s"]\nregistry = "%s"\nreplace-with = "vendored-sources"\n' "$registry" "$registry" >>$out/.cargo/config.toml
    done
    while read -r name version checksum tarball; do
      [ -n "$name" ] || continue
      mkdir $out/$name-$version
      tar xf $tarball -C $out/$name-$version --strip-components=1 --no-same-permissions
      printf '{"files":{},"package":"%s"}' $checksum >$out/$name-$version/.cargo-checksum.json
    done <$cratesPath
    while read -r name version tree origin; do
      [ -n "$name" ] || continue
      copyGitCrate "$tree" "$name" "$version" $out/$name-$version
      gitSource "$origin" vendored-sources "$decode" >>$out/.cargo/config.toml
    done <$gitCratesPath
  '')
