# The dependencies of the lock file as folders that cargo takes in place of a registry: one download for each crate, one folder for all.
{ lib, stdenv, cargo, fetchurl, jq, runCommandLocal, ... }:
{ lock, additionalLock, cratesDownloadUrl, gitAllRefs, gitSubmodules }:
let
  locks = [ lock ] ++ lib.optional (additionalLock != null) additionalLock;
  packages = lib.concatMap (one: one.package or [ ]) locks;
  metadata = lock.metadata or { };

  # The registry's host stands in its index's name, in the lock file's own source strings.
  downloads = source:
    let
      git = builtins.match "registry\\+https://github\\.com/rust-lang/(.+)-index" source;
      sparse = builtins.match "sparse\\+https://index\\.([^/]+)/?" source;
      host = if git != null then git else sparse;
    in
    if cratesDownloadUrl != null then cratesDownloadUrl
    else if host != null then "https://${builtins.head host}/api/v1/crates"
    else throw "naersk cannot download crates of ${source}; pass cratesDownloadUrl";

  # Lock files of the first version keep checksums apart.
  checksum = pkg: pkg.checksum or metadata."checksum ${pkg.name} ${pkg.version} (${pkg.source or ""})" or null;
  fromRegistry = builtins.filter (pkg: checksum pkg != null) packages;
  isGit = pkg: lib.hasPrefix "git+" (pkg.source or "");
  fromGit = builtins.filter isGit (packages ++ lib.concatMap (one: one.patch.unused or [ ]) locks);

  crate = pkg: {
    inherit (pkg) name version;
    sha256 = checksum pkg;
    tarball = fetchurl {
      name = "download-${pkg.name}-${pkg.version}";
      url = "${downloads pkg.source}/${pkg.name}/${pkg.version}/download";
      sha256 = checksum pkg;
    };
  };

  # From version 4 on branch and tag names have percent signs in the lock file.
  decode = text:
    if (lock.version or 0) < 4 then text
    else
      let
        hex = n: let h = lib.toHexString n; in if n < 16 then "0${h}" else h;
        codes = lib.range 32 126;
      in
      builtins.replaceStrings (map (n: "%${hex n}") codes) (map (n: builtins.fromJSON "\"\\u00${hex n}\"") codes) text;

  gitDependency = pkg:
    let
      parts = builtins.match "git\\+([^?#]+)(\\?(rev|tag|branch)=([^#]*))?#(.*)" pkg.source;
      kind = builtins.elemAt parts 2;
      value = decode (builtins.elemAt parts 3);
      url = builtins.elemAt parts 0;
      revision = builtins.elemAt parts 4;
    in
    {
      inherit (pkg) name;
      inherit url revision kind;
      value = if kind == null then null else value;
      key = if kind == null then revision else value;
      checkout = builtins.fetchGit ({ inherit url; rev = revision; }
        // lib.optionalAttrs (kind == "branch") { ref = "refs/heads/${value}"; }
        // lib.optionalAttrs (kind == "tag") { ref = "refs/tags/${value}"; }
        // lib.optionalAttrs (gitAllRefs || kind == "rev") { allRefs = true; }
        // lib.optionalAttrs gitSubmodules { submodules = true; });
    };
  gitDependencies = map gitDependency fromGit;
in
rec {
  crates = runCommandLocal "crates-io-dependencies"
    {
      list = lib.concatMapStrings (c: "${c.name} ${c.version} ${c.sha256} ${c.tarball}\n") (lib.unique (map crate fromRegistry));
      passAsFile = [ "list" ];
    } ''
    mkdir -p $out
    while read -r name version sha256 tarball; do
      [ -n "$name" ] || continue
      # The checksum keeps apart a crate of the registry and one of the same name and version from git; a file name has 255 characters at most.
      folder=$name-$version-$sha256
      folder=$out/''${folder:0:255}
      mkdir "$folder"
      tar -xzf $tarball -C "$folder" --strip-components=1 --no-same-permissions
      printf '{"package":"%s","files":{}}' $sha256 >"$folder/.cargo-checksum.json"
    done <$listPath
  '';

  git = runCommandLocal "git-dependencies"
    {
      list = lib.concatMapStrings (d: "${d.name} ${d.checkout} ${builtins.replaceStrings [ "/" ] [ "_" ] d.key} ${d.url}\n") gitDependencies;
      passAsFile = [ "list" ];
      nativeBuildInputs = lib.optionals (gitDependencies != [ ]) [ cargo jq ];
    } ''
    source ${./git-dependency.sh}
    mkdir -p $out
    while read -r name checkout key url; do
      [ -z "$name" ] || linkCrate "$name" "$checkout" "$key" "$url"
    done <$listPath
  '';

  # cargo's configuration: every source is replaced by the two folders.
  config =
    let
      source = d: ''

        [source."${d.url}${lib.optionalString (d.kind != null) "?${d.kind}=${d.value}"}"]
        git = "${d.url}"
        ${lib.optionalString (d.kind != null) "${d.kind} = ${builtins.toJSON d.value}"}
        replace-with = "git"
      '';
    in
    ''
      [source.crates-io]
      directory = "${crates}"

      [source.git]
      directory = "${git}"
    '' + lib.concatStrings (lib.unique (map source gitDependencies));
}
