# The crates of git repositories: one folder of links for each source that cargo tells apart (address with branch, tag or revision).
{ downloadCargoPackageFromGit, lib, runCommandLocal }:
{ lockPackages, outputHashes ? { }, overrideVendorGitCheckout ? _: drv: drv }:
let
  hash = builtins.hashString "sha256";

  # From version 4 on lock files have percent signs for what a URL may not hold; cargo's configuration wants the characters.
  decode =
    let
      hex = n: (if n < 16 then "0" else "") + lib.toHexString n;
      codes = [ 9 10 13 ] ++ lib.range 32 126;
    in
    builtins.replaceStrings (map (n: "%${hex n}") codes) (map (n: builtins.fromJSON "\"\\u00${hex n}\"") codes);

  parse = pkg:
    let
      locked = decode (lib.removePrefix "git+" pkg.source);
      parts = builtins.match "([^#]*)#(.*)" locked;
      id = builtins.head parts;
      address = builtins.match "([^?]*)(\\?(.*))?" id;
      query = builtins.elemAt address 2;
      pairs = map (builtins.match "(branch|rev|tag)=(.*)") (if query == null then [ ] else lib.splitString "&" query);
    in
    if parts == null then throw ''
      Cargo.lock is missing a locked revision for ${pkg.name}@${pkg.version}.
      `cargo update -p ${locked}#${pkg.name}@${pkg.version}` may write it
    ''
    else {
      package = lib.mapAttrs (_: decode) pkg;
      inherit id;
      git = builtins.head address;
      lockedRev = builtins.elemAt parts 1;
      params = builtins.listToAttrs (map (pair: lib.nameValuePair (builtins.elemAt pair 0) (builtins.elemAt pair 1)) (builtins.filter (pair: pair != null) pairs));
    };
  byId = builtins.groupBy (p: p.id) (map parse (builtins.filter (pkg: lib.hasPrefix "git" (pkg.source or "")) lockPackages));

  folder = group:
    let
      first = builtins.head group;
      packages = map (p: p.package) group;
      source = first.package.source;
      checkout = overrideVendorGitCheckout packages (downloadCargoPackageFromGit {
        inherit (first) git;
        rev = first.lockedRev;
        ref =
          if first.params ? tag then "refs/tags/${first.params.tag}"
          else if first.params ? branch then "refs/heads/${first.params.branch}"
          else null;
        hash = outputHashes.${source} or (lib.warnIf (outputHashes != { }) "No output hash provided for ${source}" null);
      });
    in
    # Other crates of the repository are left out: not all of them need be fit for a build.
    runCommandLocal "linkLockedDeps" { } ''
      mkdir -p $out
      ${lib.concatMapStrings (pkg: let to = lib.escapeShellArg "${pkg.name}-${pkg.version}"; in "ln -s ${checkout}/${to} $out/${to}\n") packages}
    '';

  replaced = id: group:
    let first = builtins.head group;
    in ''
      [source.nix-sources-${hash id}]
      directory = "${placeholder "out"}/${hash id}"
      [source."${id}"]
      replace-with = "nix-sources-${hash id}"
      git = "${first.git}"
    '' + lib.concatStrings (lib.mapAttrsToList (name: value: "${name} = \"${value}\"\n") first.params);
in
{
  sources = lib.mapAttrs' (id: group: lib.nameValuePair (hash id) (folder group)) byId;
  config = lib.concatStrings (lib.mapAttrsToList replaced byId);
}
