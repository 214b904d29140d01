# Reading folders while evaluating.
{ lib }:
let
  inherit (builtins) concatMap pathExists readDir;
in
rec {
  pathType = builtins.readFileType or (path:
    if !pathExists path then throw "lib.filesystem.pathType: Path ${toString path} does not exist."
    else if dirOf path == path then "directory"
    else (readDir (dirOf path)).${baseNameOf path});
  pathIsDirectory = path: pathExists path && pathType path == "directory";
  pathIsRegularFile = path: pathExists path && pathType path == "regular";

  locateDominatingFile = pattern: start:
    let
      go = dir:
        let found = builtins.filter (m: m != null) (map (name: let m = builtins.match pattern name; in if m == null then null else m) (builtins.attrNames (readDir dir)));
        in if found != [ ] then { path = dir; matches = found; } else if dirOf dir == dir then null else go (dirOf dir);
    in
    go (if pathIsDirectory start then start else dirOf start);

  listFilesRecursive = dir:
    concatMap
      (name: let path = dir + "/${name}"; in if (readDir dir).${name} == "directory" then listFilesRecursive path else [ path ])
      (builtins.attrNames (readDir dir));

  # One package a file NAME.nix or NAME/package.nix.
  packagesFromDirectoryRecursive = { callPackage, directory, ... }@args:
    let
      entries = readDir directory;
      one = name: type:
        let path = directory + "/${name}";
        in if type == "directory" then lib.nameValuePair name (packagesFromDirectoryRecursive (args // { directory = path; }))
        else if type == "regular" && lib.hasSuffix ".nix" name then lib.nameValuePair (lib.removeSuffix ".nix" name) (callPackage path { })
        else null;
    in
    if pathExists (directory + "/package.nix") then callPackage (directory + "/package.nix") { }
    else builtins.listToAttrs (builtins.filter (x: x != null) (lib.mapAttrsToList one entries));
}
