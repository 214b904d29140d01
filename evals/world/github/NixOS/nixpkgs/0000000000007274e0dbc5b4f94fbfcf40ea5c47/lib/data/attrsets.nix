# Attribute sets.
{ lib }:
let
  inherit (builtins) all attrNames concatMap elemAt foldl' hasAttr head isAttrs isList length listToAttrs tail;
in
rec {
  inherit (builtins) attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs listToAttrs mapAttrs removeAttrs zipAttrsWith;

  attrByPath = path: default: set:
    let
      n = length path;
      go = i: value:
        if i == n then value
        else let name = elemAt path i; in if isAttrs value && value ? ${name} then go (i + 1) value.${name} else default;
    in
    go 0 set;

  hasAttrByPath = path: set:
    path == [ ] || (isAttrs set && set ? ${head path} && hasAttrByPath (tail path) set.${head path});

  setAttrByPath = path: value: lib.foldr (name: inner: { ${name} = inner; }) value path;

  getAttrFromPath = path: set: attrByPath path (throw "cannot find attribute '${lib.concatStringsSep "." path}'") set;

  longestValidPathPrefix = path: set:
    let n = length path;
      go = i: value: if i < n && isAttrs value && value ? ${elemAt path i} then go (i + 1) value.${elemAt path i} else lib.take i path;
    in go 0 set;

  concatMapAttrs = f: set: foldl' (a: b: a // b) { } (mapAttrsToList f set);

  # A list of { path, update } applied to a set.
  updateManyAttrsByPath = updates: set:
    foldl' (value: { path, update }:
      let
        go = rest: current:
          if rest == [ ] then update current
          else
            let name = head rest;
              inner = if isAttrs current && current ? ${name} then current.${name} else { };
            in (if isAttrs current then current else { }) // { ${name} = go (tail rest) inner; };
      in go path value) set updates;

  attrVals = names: set: map (name: set.${name}) names;
  getAttrs = names: set: genAttrs names (name: set.${name});
  nameValuePair = name: value: { inherit name value; };

  filterAttrs = keep: set: removeAttrs set (builtins.filter (name: !keep name set.${name}) (attrNames set));

  filterAttrsRecursive = keep: set:
    listToAttrs (concatMap
      (name:
        let value = set.${name};
        in if keep name value then [ (nameValuePair name (if isAttrs value then filterAttrsRecursive keep value else value)) ] else [ ])
      (attrNames set));

  foldlAttrs = f: init: set: foldl' (acc: name: f acc name set.${name}) init (attrNames set);
  foldAttrs = f: init: sets:
    lib.foldr (set: acc: foldl' (out: name: out // { ${name} = f set.${name} (out.${name} or init); }) acc (attrNames set)) { } sets;

  collect = wanted: value:
    if wanted value then [ value ] else if isAttrs value then concatMap (collect wanted) (builtins.attrValues value) else [ ];

  cartesianProduct = sets:
    foldl' (rows: name: concatMap (row: map (value: row // { ${name} = value; }) sets.${name}) rows) [ { } ] (attrNames sets);
  cartesianProductOfSets = cartesianProduct;
  mapCartesianProduct = f: sets: map f (cartesianProduct sets);

  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  attrsToList = mapAttrsToList nameValuePair;
  mapToAttrs = f: list: listToAttrs (map f list);

  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
  mapAttrsRecursiveCond = into: f: set:
    let go = path: mapAttrs (name: value: if isAttrs value && into value then go (path ++ [ name ]) value else f (path ++ [ name ]) value);
    in go [ ] set;
  mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_path: _value: true);
  mapAttrsToListRecursiveCond = into: f: set:
    let go = path: value: if isAttrs value && (path == [ ] || into path value) then concatMap (name: go (path ++ [ name ]) value.${name}) (attrNames value) else [ (f path value) ];
    in go [ ] set;

  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  genAttrs' = list: f: listToAttrs (map f list);

  isDerivation = value: value.type or null == "derivation";
  toDerivation = path:
    let stored = builtins.storePath path; in
    { type = "derivation"; name = lib.strings.sanitizeDerivationName (builtins.substring 33 (-1) (baseNameOf stored)); outPath = stored; outputs = [ "out" ]; out = stored; outputName = "out"; };

  optionalAttrs = condition: set: if condition then set else { };

  zipAttrsWithNames = names: f: sets: listToAttrs (map (name: nameValuePair name (f name (builtins.catAttrs name sets))) names);
  zipAttrs = builtins.zipAttrsWith (_: values: values);
  zipWithNames = zipAttrsWithNames;
  mergeAttrsList = foldl' (a: b: a // b) { };

  # stop path left right: true where the right side is to be taken whole.
  recursiveUpdateUntil = stop: left: right:
    let
      go = path: builtins.zipAttrsWith (name: values:
        let here = path ++ [ name ];
        in if length values == 1 || stop here (elemAt values 1) (head values) then head values else go here values);
    in
    go [ ] [ right left ];
  recursiveUpdate = recursiveUpdateUntil (_path: left: right: !(isAttrs left && isAttrs right));

  matchAttrs = pattern: set:
    assert isAttrs pattern;
    all
      (name:
        set ? ${name} && (
          let want = pattern.${name}; have = set.${name};
          in if isAttrs want && isAttrs have then matchAttrs want have else want == have))
      (attrNames pattern);

  overrideExisting = old: new: mapAttrs (name: value: new.${name} or value) old;

  showAttrPath = path:
    if path == [ ] then "<root attribute path>" else lib.concatMapStringsSep "." lib.strings.escapeNixIdentifier path;

  getOutput = output: pkg: if !pkg ? outputSpecified || !pkg.outputSpecified then pkg.${output} or pkg.out or pkg else pkg;
  getFirstOutput = candidates: pkg:
    let found = lib.findFirst (name: hasAttr name pkg) null candidates;
    in if pkg.outputSpecified or false || found == null then pkg.out or pkg else pkg.${found};
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  getStatic = pkg: getFirstOutput [ "static" "lib" "out" ] pkg;
  getDev = getOutput "dev";
  getInclude = pkg: getFirstOutput [ "include" "dev" "out" ] pkg;
  getMan = getOutput "man";
  chooseDevOutputs = map getDev;

  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

  unionOfDisjoint = x: y:
    let common = builtins.intersectAttrs x y;
    in
    x // y // mapAttrs (name: _: throw "unionOfDisjoint: collision on ${name}; complete list: ${lib.concatStringsSep " " (attrNames common)}") common;
}
