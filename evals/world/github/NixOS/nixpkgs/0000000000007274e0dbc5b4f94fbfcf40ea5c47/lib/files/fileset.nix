# File sets: which files of a folder belong together, combined as sets are, and copied to the store as a source.
#
# A set is { _type = "fileset"; base; tree; }: `base` is the folder that `tree` is about (null for the set without any file), and a tree is
#   null      nothing
#   true      this file, or this folder with all below
#   { a = tree; … }  a folder of which only these entries are in
{ lib }:
let
  inherit (builtins) attrNames elemAt foldl' isAttrs isPath length mapAttrs pathExists readDir;
  inherit (lib) concatMap filterAttrs;

  make = base: tree: {
    _type = "fileset";
    # Shown where a set is used as a string or printed by mistake.
    __toString = _: throw "lib.fileset: a file set cannot be used as a string; to add its files to the store, use `lib.fileset.toSource`.";
    inherit base tree;
  };
  nothing = make null null;
  isSet = x: isAttrs x && x._type or "" == "fileset";

  components = path: builtins.filter (c: c != "") (lib.splitString "/" (toString path));
  isPrefix = short: long: lib.take (length short) long == short;
  ancestor = steps: path: if steps == 0 then path else ancestor (steps - 1) (dirOf path);
  nest = names: tree: if tree == null then null else lib.foldr (name: inner: { ${name} = inner; }) tree names;

  typeOfPath = path: lib.filesystem.pathType path;

  # A path or a set as a set. `what` says which argument it was.
  coerce = what: x:
    if isSet x then x
    else if !isPath x then
      if x ? _isLibCleanSourceWith then
        throw "${what} is a `lib.sources`-based value, but it should be a file set or a path instead.\n    To convert a `lib.sources`-based value to a file set you can use `lib.fileset.fromSource`."
      else if lib.isStringLike x then
        throw "${what} (${lib.generators.toPretty { } (toString x)}) is a string-like value, but it should be a file set or a path instead.\n    Paths represented as strings are not supported by `lib.fileset`, use `lib.sources` or derivations instead."
      else throw "${what} is of type ${builtins.typeOf x}, but it should be a file set or a path instead."
    else if !pathExists x then
      throw "${what} (${toString x}) is a path that does not exist.\n    To create a file set from a path that may not exist, use `lib.fileset.maybeMissing`."
    else if typeOfPath x == "directory" then make x true
    else make (dirOf x) { ${baseNameOf x} = true; };

  # The sets over one common folder: { base; trees; }.
  align = sets:
    let
      real = builtins.filter (set: set.base != null) sets;
      names = map (set: components set.base) real;
      common = foldl' (a: b: lib.take (lib.lists.commonPrefixLength a b) a) (builtins.head names) names;
      first = builtins.head real;
    in
    if real == [ ] then { base = null; trees = map (_: null) sets; }
    else {
      base = ancestor (length (builtins.head names) - length common) first.base;
      trees = map (set: if set.base == null then null else nest (lib.drop (length common) (components set.base)) set.tree) sets;
    };

  entriesBelow = dir: mapAttrs (_: _: true) (readDir dir);
  # Entries that are nothing are dropped; a folder with none left is nothing.
  tidy = entries: let kept = filterAttrs (_: tree: tree != null) entries; in if kept == { } then null else kept;

  unionTree = a: b:
    if a == true || b == true then true
    else if a == null then b
    else if b == null then a
    else a // mapAttrs (name: tree: unionTree (a.${name} or null) tree) b;
  intersectTree = a: b:
    if a == true then b
    else if b == true then a
    else if a == null || b == null then null
    else tidy (mapAttrs (name: tree: intersectTree tree (b.${name} or null)) (builtins.intersectAttrs b a));
  differenceTree = path: a: b:
    if b == null || a == null then a
    else if b == true then null
    else
      let entries = if a == true then entriesBelow path else a;
      in tidy (mapAttrs (name: tree: differenceTree (path + "/${name}") tree (b.${name} or null)) entries);

  combine = op: sets:
    let aligned = align sets;
    in if aligned.base == null then nothing else make aligned.base (op aligned.base aligned.trees);

  hasFiles = path: type:
    type != "directory" || (let entries = readDir path; in builtins.any (name: hasFiles (path + "/${name}") entries.${name}) (attrNames entries));

  files = path: tree:
    if tree == null then [ ]
    else if tree == true && typeOfPath path != "directory" then [ path ]
    else let entries = if tree == true then entriesBelow path else tree;
      in concatMap (name: files (path + "/${name}") entries.${name}) (attrNames entries);

  show = path: tree: indent:
    if tree == null then [ ]
    else if tree == true then [ "${indent}${baseNameOf path}${if typeOfPath path == "directory" then " (all files in directory)" else " (${typeOfPath path})"}" ]
    else [ "${indent}${baseNameOf path}" ] ++ concatMap (name: show (path + "/${name}") tree.${name} (indent + "  ")) (attrNames tree);
  traced = set: value:
    if set.tree == null then builtins.trace "(empty)" value
    else foldl' (v: line: builtins.trace line v) value (lib.reverseList (show set.base set.tree ""));

  unionOf = prefix: named: combine (_base: foldl' unionTree null) (map (one: coerce (prefix + one.what) one.value) named);
in
rec {
  empty = nothing;

  maybeMissing = path:
    if !isPath path then
      throw (if lib.isStringLike path
        then "lib.fileset.maybeMissing: Argument (\"${toString path}\") is a string-like value, but it should be a path instead."
        else "lib.fileset.maybeMissing: Argument is of type ${builtins.typeOf path}, but it should be a path instead.")
    else if !pathExists path then nothing
    else coerce "lib.fileset.maybeMissing: Argument" path;

  union = a: b: unionOf "lib.fileset.union: " [ { what = "First argument"; value = a; } { what = "Second argument"; value = b; } ];
  unions = list:
    if !builtins.isList list then throw "lib.fileset.unions: Argument is of type ${builtins.typeOf list}, but it should be a list instead."
    else unionOf "lib.fileset.unions: " (lib.imap0 (i: value: { what = "Element ${toString i}"; inherit value; }) list);

  intersection = a: b:
    combine (_base: trees: intersectTree (elemAt trees 0) (elemAt trees 1))
      [ (coerce "lib.fileset.intersection: First argument" a) (coerce "lib.fileset.intersection: Second argument" b) ];
  difference = positive: negative:
    combine (base: trees: differenceTree base (elemAt trees 0) (elemAt trees 1))
      [ (coerce "lib.fileset.difference: First argument (positive set)" positive) (coerce "lib.fileset.difference: Second argument (negative set)" negative) ];

  # keep { name, type, hasExt } for each file below the path.
  fileFilter = keep: path:
    let
      ask = name: type: keep { inherit name type; hasExt = ext: lib.hasSuffix ".${ext}" name; };
      below = dir: tidy (mapAttrs (name: type: if type == "directory" then below (dir + "/${name}") else if ask name type then true else null) (readDir dir));
    in
    if !builtins.isFunction keep then throw "lib.fileset.fileFilter: First argument is of type ${builtins.typeOf keep}, but it should be a function instead."
    else if isSet path then throw "lib.fileset.fileFilter: Second argument is a file set, but it should be a path instead.\n    If you need to filter files in a file set, use `intersection fileset (fileFilter pred ./.)` instead."
    else if !isPath path then throw "lib.fileset.fileFilter: Second argument is of type ${builtins.typeOf path}, but it should be a path instead."
    else if !pathExists path then throw "lib.fileset.fileFilter: Second argument (${toString path}) is a path that does not exist."
    else if typeOfPath path == "directory" then make path (below path)
    else if ask (baseNameOf path) (typeOfPath path) then coerce "lib.fileset.fileFilter: Second argument" path
    else nothing;

  fromSource = source:
    let
      root = if source ? _isLibCleanSourceWith then source.origSrc else source;
      keep = if source ? _isLibCleanSourceWith then source.filter else _path: _type: true;
      below = dir: tidy (mapAttrs (name: type:
        let path = dir + "/${name}"; in
        if !keep (toString path) type then null else if type == "directory" then below path else true) (readDir dir));
    in
    if !isPath root then throw "lib.fileset.fromSource: The source origin of the argument is of type ${builtins.typeOf root}, but it should be a path instead."
    else if !pathExists root then throw "lib.fileset.fromSource: The source origin (${toString root}) of the argument is a path that does not exist."
    else make root (below root);

  # A folder already in the store was put there by git's own list (a flake's source), so all of it is tracked.
  gitTracked = gitTrackedWith { };
  gitTrackedWith = { recurseSubmodules ? false }: path:
    if !isPath path then throw "lib.fileset.gitTracked: Expected the argument to be a path, but it's a ${builtins.typeOf path} instead."
    else if lib.hasPrefix builtins.storeDir (toString path) then coerce "lib.fileset.gitTracked: Argument" path
    else if !pathExists (path + "/.git") then throw "lib.fileset.gitTracked: Expected the argument (${toString path}) to point to a local working tree of a Git repository, but it's not."
    else
      let
        fetched = builtins.fetchGit ({ url = path; } // lib.optionalAttrs recurseSubmodules { submodules = true; });
        copy = dir: below: mapAttrs (name: type: if type == "directory" then copy (dir + "/${name}") null else true) (readDir dir);
      in
      make path (tidy (copy fetched.outPath null));

  toList = set: let s = coerce "lib.fileset.toList: Argument" set; in if s.base == null then [ ] else files s.base s.tree;

  trace = set: value: traced (coerce "lib.fileset.trace: Argument" set) value;
  traceVal = set: traced (coerce "lib.fileset.traceVal: Argument" set) set;

  toSource = { root, fileset }:
    let
      set = coerce "lib.fileset.toSource: `fileset`" fileset;
      rootNames = components root;
      setNames = components set.base;
      # The tree as seen from root.
      tree =
        if set.base == null then null
        else if isPrefix rootNames setNames then nest (lib.drop (length rootNames) setNames) set.tree
        else if isPrefix setNames rootNames then foldl' (t: name: if t == true || t == null then t else t.${name} or null) set.tree (lib.drop (length setNames) rootNames)
        else null;
      outside = set.base != null && !isPrefix rootNames setNames
        && (!isPrefix setNames rootNames || set.tree == true || differenceTree set.base set.tree (nest (lib.drop (length setNames) rootNames) true) != null);
      find = t: names: if t == true || t == null || names == [ ] then t else find (t.${builtins.head names} or null) (builtins.tail names);
      prefix = toString root + "/";
      keep = path: type:
        let node = find tree (components (lib.removePrefix prefix path));
        in if node == null then false else if node == true then hasFiles (/. + path) type else true;
    in
    if !isPath root then
      throw (if root ? _isLibCleanSourceWith then "lib.fileset.toSource: `root` is a `lib.sources`-based value, but it should be a path instead.\n    To use a `lib.sources`-based value, convert it to a file set using `lib.fileset.fromSource` and pass it as `fileset`."
        else if lib.isStringLike root then "lib.fileset.toSource: `root` (${toString root}) is a string-like value, but it should be a path instead.\n    Paths in strings are not supported by `lib.fileset`, use `lib.sources` or derivations instead."
        else "lib.fileset.toSource: `root` is of type ${builtins.typeOf root}, but it should be a path instead.")
    else if !pathExists root then throw "lib.fileset.toSource: `root` (${toString root}) is a path that does not exist."
    else if typeOfPath root != "directory" then throw "lib.fileset.toSource: `root` (${toString root}) is a file, but it should be a directory instead. Potential solutions:\n    - If you want to import the file into the store _without_ a containing directory, use string interpolation or `builtins.path` instead of this function.\n    - If you want to import the file into the store _with_ a containing directory, set `root` to the containing directory, such as ${toString (dirOf root)}, and set `fileset` to the file path."
    else if outside then throw "lib.fileset.toSource: `fileset` could contain files in ${toString set.base}, which is not under the `root` (${toString root}). Potential solutions:\n    - Set `root` to ${toString set.base} or any directory higher up. This changes the layout of the resulting store path.\n    - Set `fileset` to a file set that cannot contain files outside the `root` (${toString root}). This could change the files included in the result."
    else lib.seq tree (lib.cleanSourceWith { name = "source"; src = root; filter = keep; });
}
