# Filtered copies of source folders.
{ lib }:
let
  inherit (builtins) any match pathExists;

  filtered = src:
    let known = src ? _isLibCleanSourceWith;
    in {
      origSrc = if known then src.origSrc else src;
      filter = if known then src.filter else _path: _type: true;
      name = if known then src.name else "source";
    };

  source = { origSrc, filter, name }: {
    _isLibCleanSourceWith = true;
    inherit origSrc filter name;
    outPath = builtins.path { inherit filter name; path = origSrc; };
  };
in
rec {
  inherit (lib.filesystem) pathType pathIsDirectory pathIsRegularFile;

  # Version control, editors' left-overs, object files and links to build results.
  cleanSourceFilter = name: type:
    let base = baseNameOf (toString name);
    in !(
      base == ".git"
      || type == "directory" && builtins.elem base [ ".svn" "CVS" ".hg" ".jj" ".pijul" "_darcs" ]
      || lib.hasSuffix "~" base
      || match "^\\.sw[a-z]$" base != null
      || match "^\\..*\\.sw[a-z]$" base != null
      || lib.hasSuffix ".o" base
      || lib.hasSuffix ".so" base
      || type == "symlink" && (lib.hasPrefix "result-" base || base == "result")
      || type == "unknown"
    );

  cleanSource = src: cleanSourceWith { filter = cleanSourceFilter; inherit src; };

  # src may itself be the result of a filter; both must then let a file through.
  cleanSourceWith = { filter ? _path: _type: true, src, name ? null }:
    let inner = filtered src;
    in source {
      inherit (inner) origSrc;
      filter = path: type: filter path type && inner.filter path type;
      name = if name != null then name else inner.name;
    };

  sourceByRegex = src: regexes:
    let root = if src ? _isLibCleanSourceWith then src.origSrc else src;
    in cleanSourceWith {
      filter = path: _type:
        let relative = lib.removePrefix (toString root + "/") (toString path);
        in any (regex: match regex relative != null) regexes;
      inherit src;
    };

  sourceFilesBySuffices = src: suffixes: cleanSourceWith {
    filter = name: type: type == "directory" || any (suffix: lib.hasSuffix suffix (baseNameOf name)) suffixes;
    inherit src;
  };

  pathIsGitRepo = path: pathExists (path + "/.git");
  commitIdFromGitRepo = path:
    let head = lib.fileContents (path + "/.git/HEAD");
      ref = match "ref: (.*)" head;
    in if ref == null then head else lib.fileContents (path + "/.git/${builtins.head ref}");
  pathHasContext = builtins.hasContext or (lib.hasPrefix builtins.storeDir);
  canCleanSource = src: src ? _isLibCleanSourceWith || !(pathHasContext (toString src));
}
