# Cargo.nix as a derivation: written in the sandbox from a project's Cargo files, the crates coming by the checksums of Cargo.lock. To import
# the result is to import from a derivation; to build it, or to compare it with a file that is checked in, is not.
{ pkgs, lib ? pkgs.lib, stdenv ? pkgs.stdenv, strictDeprecation ? true }:
let
  crate2nix = pkgs.callPackage ./default.nix { };

  # The registry's host stands in its index's name, in the lock file's own source strings.
  hostOf = source:
    let found = builtins.match "registry\\+https://github\\.com/rust-lang/(.+)-index" source;
    in if found == null then null else builtins.head found;

  hashesIn = file: lib.optionalAttrs (builtins.pathExists file) (builtins.fromJSON (builtins.readFile file));

  parseGit = source:
    let
      parts = builtins.match "git\\+([^?#]+)([?](rev|tag|branch|ref)=([^#]*))?#(.*)" source;
      kind = builtins.elemAt parts 2;
    in
    if parts == null then throw "unknown source type: ${source}"
    else {
      url = builtins.elemAt parts 0;
      revision = builtins.elemAt parts 4;
      base = builtins.head (lib.splitString "#" source);
      kind = if kind == "ref" then "branch" else kind;
      value = builtins.elemAt parts 3;
    };

  vendor = { lock, hashes }:
    let
      packages = builtins.filter (pkg: pkg ? source) (lock.package or [ ]);
      isGit = pkg: lib.hasPrefix "git+" pkg.source;
      foreign = builtins.filter (pkg: !isGit pkg && hostOf pkg.source == null) packages;
      tarball = pkg: pkgs.fetchurl {
        name = "crates-io-${pkg.name}-${pkg.version}.tar.gz";
        url = "https://static.${hostOf pkg.source}/crates/${pkg.name}/${pkg.name}-${pkg.version}.crate";
        sha256 = checksum pkg;
      };
      checksum = pkg: pkg.checksum or lock.metadata."checksum ${pkg.name} ${pkg.version} (${pkg.source})"
        or (throw "Checksum for ${pkg.name} ${pkg.version} (${pkg.source}) not found in Cargo.lock");

      gitPackages = map
        (pkg:
          let
            git = parseGit pkg.source;
            key = "${git.base}#${pkg.name}@${pkg.version}";
            tree = builtins.fetchGit ({ inherit (git) url; rev = git.revision; submodules = true; }
              // (if git.kind == "branch" then { ref = git.value; } else if git.kind == "tag" then { ref = "refs/tags/${git.value}"; } else { allRefs = true; }));
            # As in the original a hash that nobody has written down is read out of a derivation.
            found = builtins.readFile (pkgs.writeText "hash-of-${pkg.name}" tree.narHash);
            checkout = pkgs.fetchgit { name = "${pkg.name}-${pkg.version}"; inherit (git) url; rev = git.revision; sha256 = hash; };
            hash = hashes.${key} or hashes."${pkg.name} ${pkg.version} (${pkg.source})" or found;
            # And so are the manifests of a checkout.
            manifests = builtins.filter (file: lib.hasSuffix "/Cargo.toml" file) (map toString (lib.filesystem.listFilesRecursive checkout));
            own = builtins.filter (file: (builtins.fromTOML (builtins.readFile file)).package.name or null == pkg.name) manifests;
          in
          {
            inherit key hash git;
            inherit (pkg) name version;
            folder = lib.removeSuffix "/Cargo.toml" (builtins.head own);
          })
        (builtins.filter isGit packages);
    in
    assert foreign == [ ] || throw "unknown source type: ${(builtins.head foreign).source}";
    rec {
      extendedHashes = hashes // builtins.listToAttrs (map (pkg: lib.nameValuePair pkg.key pkg.hash) gitPackages);
      sources = pkgs.runCommand "deps"
        {
          list = lib.concatMapStrings (pkg: "${pkg.name} ${pkg.version} ${checksum pkg} ${tarball pkg}\n") (builtins.filter (pkg: !isGit pkg) packages);
          gitList = lib.concatMapStrings (pkg: "${pkg.name} ${pkg.version} ${pkg.folder}\n") gitPackages;
          passAsFile = [ "list" "gitList" ];
        } ''
        mkdir $out
        while read -r name version checksum tarball; do
          mkdir "$out/crates-io-$name-$version"
          tar -xzf "$tarball" --strip-components=1 --no-same-permissions -C "$out/crates-io-$name-$version"
          printf '{"package":"%s","files":{}}' "$checksum" >"$out/crates-io-$name-$version/.cargo-checksum.json"
        done <"$listPath"
        while read -r name version folder; do
          mkdir "$out/$name-$version"
          cp -r --no-preserve=mode "$folder"/* "$out/$name-$version"
          echo '{"package":null,"files":{}}' >"$out/$name-$version/.cargo-checksum.json"
        done <"$gitListPath"
      '';
      config = pkgs.writeText "vendor-config" (''
        [source.crates-io]
        replace-with = "vendored-sources"
      '' + lib.concatMapStrings
        (git: ''

          [source."${lib.removePrefix "git+" git.base}"]
          git = "${git.url}"
          ${lib.optionalString (git.kind != null) ''${git.kind} = "${git.value}"''}
          replace-with = "vendored-sources"
        '')
        (lib.unique (map (pkg: pkg.git) gitPackages)) + ''

        [source.vendored-sources]
        directory = "${sources}"
      '');
    };
in
rec {
  # name: becomes a part of the derivation's name. src: the folder with the project. cargoToml: relative to it.
  generatedCargoNix =
    { name, src, cargoToml ? "Cargo.toml", additionalCargoNixArgs ? [ ], additionalCrateHashes ? hashesIn (src + "/crate-hashes.json"), cargo ? pkgs.cargo }:
    let
      folder = dirOf (src + "/${cargoToml}");
      lockFile = folder + "/Cargo.lock";
      vendored = vendor {
        lock = if builtins.pathExists lockFile then builtins.fromTOML (builtins.readFile lockFile) else { };
        hashes = hashesIn (folder + "/crate-hashes.json") // additionalCrateHashes;
      };
    in
    stdenv.mkDerivation {
      name = "${name}-crate2nix";
      nativeBuildInputs = [ cargo crate2nix pkgs.jq ];
      preferLocalBuild = true;
      inherit src;
      phases = [ "unpackPhase" "buildPhase" ];
      hashes = builtins.toJSON vendored.extendedHashes;
      passAsFile = [ "hashes" ];
      buildPhase = ''
        mkdir -p $out/cargo
        export CARGO_HOME=$out/cargo HOME=$out CARGO_NET_OFFLINE=true
        cp ${vendored.config} $out/cargo/config.toml
        printf '%s' "$(jq . "$hashesPath")" >$out/crate-hashes.json
        if ! crate2nix generate -f ./${cargoToml} -o Cargo-generated.nix -h $out/crate-hashes.json ${lib.escapeShellArgs additionalCargoNixArgs}; then
          echo "crate2nix failed." >&2
          exit 3
        fi
        if [ -r crate-hashes.json ]; then diff -u crate-hashes.json $out/crate-hashes.json; fi
        cp -r . $out/crate
        echo "import ./crate/Cargo-generated.nix" >$out/default.nix
      '';
    };

  appliedCargoNix = args: pkgs.callPackage (generatedCargoNix args) { };
}
