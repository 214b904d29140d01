# Lists.
{ lib }:
let
  inherit (builtins) concatMap elem elemAt filter foldl' genList head isList length sort tail;
in
rec {
  inherit (builtins) all any concatLists concatMap elem elemAt filter foldl' genList groupBy head isList length partition sort tail;

  singleton = x: [ x ];
  forEach = list: f: map f list;

  foldr = f: nul: list:
    let
      n = length list;
      go = i: if i == n then nul else f (elemAt list i) (go (i + 1));
    in
    go 0;
  fold = foldr;

  foldl = f: nul: list:
    let go = i: if i == -1 then nul else f (go (i - 1)) (elemAt list i);
    in go (length list - 1);

  imap0 = f: list: genList (i: f i (elemAt list i)) (length list);
  imap1 = f: list: genList (i: f (i + 1) (elemAt list i)) (length list);
  ifilter0 = keep: list: map (i: elemAt list i) (filter (i: keep i (elemAt list i)) (genList (i: i) (length list)));
  concatImap = f: list: builtins.concatLists (imap1 f list);

  flatten = x: if isList x then concatMap flatten x else [ x ];
  remove = e: filter (x: x != e);

  findFirstIndex = wanted: default: list:
    let
      n = length list;
      go = i: if i == n then default else if wanted (elemAt list i) then i else go (i + 1);
    in
    go 0;
  findFirst = wanted: default: list:
    let i = findFirstIndex wanted null list;
    in if i == null then default else elemAt list i;
  findSingle = wanted: default: multiple: list:
    let found = filter wanted list;
      n = length found;
    in if n == 0 then default else if n == 1 then head found else multiple;

  count = wanted: foldl' (n: x: if wanted x then n + 1 else n) 0;
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  toList = x: if isList x then x else [ x ];
  range = first: last: if first > last then [ ] else genList (i: first + i) (last - first + 1);
  replicate = n: x: genList (_: x) n;
  groupBy' = op: nul: key: list: builtins.mapAttrs (_: foldl' op nul) (builtins.groupBy key list);

  zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (lib.min (length a) (length b));
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
  reverseList = list: let n = length list; in genList (i: elemAt list (n - i - 1)) n;

  # before a b: a must come before b. Gives { result } or { cycle, loops }.
  toposort = before: list:
    let
      go = done: rest:
        if rest == [ ] then { result = done; }
        else
          let ready = findFirstIndex (x: !(builtins.any (y: before y x) (remove x rest))) null rest;
          in
          if ready == null then { cycle = rest; loops = rest; }
          else go (done ++ [ (elemAt rest ready) ]) (take ready rest ++ drop (ready + 1) rest);
    in
    go [ ] list;

  sortOn = f: list: map (pair: pair.value) (sort (a: b: a.key < b.key) (map (value: { key = f value; inherit value; }) list));
  compareLists = cmp: a: b:
    if a == [ ] then (if b == [ ] then 0 else -1)
    else if b == [ ] then 1
    else let first = cmp (head a) (head b); in if first == 0 then compareLists cmp (tail a) (tail b) else first;
  naturalSort = list:
    let
      parts = s: map (x: if isList x then lib.toInt (head x) else x) (builtins.split "(0|[1-9][0-9]*)" s);
      order = x: y: if builtins.typeOf x == builtins.typeOf y then lib.compare x y else if builtins.isInt x then -1 else 1;
    in
    map (pair: pair.value) (sort (a: b: compareLists order a.key b.key < 0) (map (value: { key = parts value; inherit value; }) list));

  sublist = start: count: list:
    let n = length list;
    in genList (i: elemAt list (start + i)) (if start >= n then 0 else if start + count > n then n - start else count);
  take = sublist 0;
  takeEnd = n: list: drop (lib.max 0 (length list - n)) list;
  drop = n: list: sublist n (length list) list;
  dropEnd = n: list: take (lib.max 0 (length list - n)) list;
  hasPrefix = prefix: list: take (length prefix) list == prefix;
  removePrefix = prefix: list:
    if hasPrefix prefix list then drop (length prefix) list
    else throw "lib.lists.removePrefix: First argument is not a list prefix of the second argument";
  commonPrefixLength = a: b:
    let n = lib.min (length a) (length b);
      go = i: if i < n && elemAt a i == elemAt b i then go (i + 1) else i;
    in go 0;
  commonPrefix = a: b: take (commonPrefixLength a b) a;

  last = list:
    assert lib.assertMsg (list != [ ]) "lists.last: list must not be empty!";
    elemAt list (length list - 1);
  init = list:
    assert lib.assertMsg (list != [ ]) "lists.init: list must not be empty!";
    take (length list - 1) list;

  crossLists = f: foldl' (fs: args: concatMap (g: map g args) fs) [ f ];
  unique = foldl' (acc: x: if elem x acc then acc else acc ++ [ x ]) [ ];
  uniqueStrings = list: builtins.attrNames (builtins.groupBy (x: x) list);
  allUnique = list: length (unique list) == length list;
  intersectLists = keep: filter (x: elem x keep);
  subtractLists = drop: filter (x: !(elem x drop));
  mutuallyExclusive = a: b: length a == 0 || !(builtins.any (x: elem x a) b);
}
