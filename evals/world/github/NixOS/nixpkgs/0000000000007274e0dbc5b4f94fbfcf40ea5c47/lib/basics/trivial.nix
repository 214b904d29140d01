# Functions on functions, booleans and numbers; reading of data files; warnings.
{ lib }:
let
  inherit (builtins) fromJSON fromTOML isAttrs length readFile;
in
rec {
  inherit (builtins) add bitAnd bitOr bitXor deepSeq genericClosure isBool isFloat isInt isNull isPath lessThan pathExists
    readFile seq sub typeOf;

  id = x: x;
  const = x: _: x;
  pipe = builtins.foldl' (x: f: f x);
  flip = f: a: b: f b a;
  concat = x: y: x ++ y;
  or = x: y: x || y;
  and = x: y: x && y;
  xor = x: y: x != y;
  bitNot = sub (-1);
  boolToString = b: if b then "true" else "false";
  boolToYesNo = b: if b then "yes" else "no";
  defaultTo = default: x: if x == null then default else x;
  mapNullable = f: x: if x == null then null else f x;
  mergeAttrs = x: y: x // y;
  min = x: y: if x < y then x else y;
  max = x: y: if x > y then x else y;
  mod = base: int: base - (int * (builtins.div base int));
  compare = a: b: if a < b then -1 else if a > b then 1 else 0;

  # Orders first by a predicate (yes before no), then inside each half.
  splitByAndCompare = p: yes: no: a: b:
    if p a then (if p b then yes a b else -1) else (if p b then 1 else no a b);

  release = "26.05";
  trivialVersion = release;
  versionSuffix = "pre-git";
  version = release + versionSuffix;
  codeName = "Offline";
  oldestSupportedRelease = 2511;
  isInOldestRelease = max: oldestSupportedRelease >= max;
  oldestSupportedReleaseIsAtLeast = wanted: oldestSupportedRelease >= wanted;
  inNixShell = builtins.getEnv "IN_NIX_SHELL" != "";
  inPureEvalMode = !(builtins ? currentSystem);

  importJSON = path: fromJSON (readFile path);
  importTOML = path: fromTOML (readFile path);

  # builtins.warn came with Nix 2.23.
  warn = builtins.warn or (message: builtins.trace "evaluation warning: ${message}");
  warnIf = condition: message: if condition then warn message else id;
  warnIfNot = condition: warnIf (!condition);
  info = message: value: builtins.trace "INFO: ${message}" value;
  throwIf = condition: message: if condition then throw message else id;
  throwIfNot = condition: throwIf (!condition);
  showWarnings = messages: value: builtins.foldl' (later: message: warn message later) value messages;

  # throws unless each element of the list is among the valid ones
  checkListOfEnum = name: valid: given:
    let bad = lib.subtractLists valid given;
    in
    if length bad == 0 then id
    else throw "${name}: ${lib.concatStringsSep ", " (map toString bad)} unexpected; valid ones: ${lib.concatStringsSep ", " (map toString valid)}";

  setFunctionArgs = f: args: { __functor = _self: f; __functionArgs = args; };
  functionArgs = f: if f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else builtins.functionArgs f;
  isFunction = f: builtins.isFunction f || (isAttrs f && f ? __functor && isFunction (f.__functor f));
  toFunction = x: if isFunction x then x else _: x;
  mirrorFunctionArgs = f: let args = functionArgs f; in g: setFunctionArgs g args;

  toBaseDigits = base: n:
    assert base >= 2 && n >= 0;
    let digits = i: if i < base then [ i ] else digits (i / base) ++ [ (mod i base) ];
    in digits n;
  toHexString = n:
    lib.concatMapStrings (digit: builtins.substring digit 1 "0123456789ABCDEF") (toBaseDigits 16 n);
  fromHexString = s: (fromTOML "x = 0x${lib.removePrefix "0x" s}").x;

}
