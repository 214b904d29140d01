# Strings, paths as strings, and what goes into shells and store names.
{ lib }:
let
  inherit (builtins) concatLists elem elemAt filter genList head isList isString length match replaceStrings split stringLength substring;
  lower = "abcdefghijklmnopqrstuvwxyz";
  upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  # In the order of ASCII, from 32.
  printable = lib.stringToCharacters " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
in
rec {
  inherit (builtins) concatStringsSep fromJSON fromTOML isString match parseDrvName replaceStrings split stringLength substring toJSON typeOf
    unsafeDiscardStringContext hashString;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStrings (map f list);
  concatImapStrings = f: list: concatStrings (lib.imap1 f list);
  concatMapStringsSep = sep: f: list: concatStringsSep sep (map f list);
  concatImapStringsSep = sep: f: list: concatStringsSep sep (lib.imap1 f list);
  concatMapAttrsStringSep = sep: f: set: concatStringsSep sep (lib.mapAttrsToList f set);
  concatLines = concatMapStrings (line: line + "\n");
  intersperse = sep: list:
    if length list < 2 then list else [ (head list) ] ++ lib.concatMap (x: [ sep x ]) (builtins.tail list);
  join = concatStringsSep;
  replicate = n: s: concatStrings (genList (_: s) n);

  stringToCharacters = s: genList (i: substring i 1 s) (stringLength s);
  stringAsChars = f: s: concatStrings (map f (stringToCharacters s));
  lowerChars = stringToCharacters lower;
  upperChars = stringToCharacters upper;
  toLower = replaceStrings upperChars lowerChars;
  toUpper = replaceStrings lowerChars upperChars;
  toSentenceCase = s: toUpper (substring 0 1 s) + toLower (substring 1 (-1) s);
  toCamelCase = s:
    let words = filter (w: isString w && w != "") (split "[^[:alnum:]]+" s);
    in concatStrings (lib.imap0 (i: w: if i == 0 then toLower (substring 0 1 w) + substring 1 (-1) w else toUpper (substring 0 1 w) + substring 1 (-1) w) words);

  trim = trimWith { start = true; end = true; };
  trimWith = { start ? false, end ? false }: s:
    let
      space = " \t\r\n";
      isSpace = i: elem (substring i 1 s) (stringToCharacters space);
      n = stringLength s;
      first = i: if i < n && isSpace i then first (i + 1) else i;
      last = i: if i > from && isSpace (i - 1) then last (i - 1) else i;
      from = if start then first 0 else 0;
      to = if end then last n else n;
    in
    substring from (to - from) s;

  hasPrefix = prefix: s:
    lib.warnIf (builtins.isPath prefix) "lib.strings.hasPrefix: The first argument (${toString prefix}) is a path value, but only strings are supported." (substring 0 (stringLength prefix) s == prefix);
  hasSuffix = suffix: s:
    let n = stringLength s; m = stringLength suffix;
    in n >= m && substring (n - m) m s == suffix;
  hasInfix = infix: s: match ".*${escapeRegex infix}.*" "${replaceStrings [ "\n" ] [ " " ] s}" != null;
  removePrefix = prefix: s: if hasPrefix prefix s then substring (stringLength prefix) (-1) s else s;
  removeSuffix = suffix: s: if hasSuffix suffix s then substring 0 (stringLength s - stringLength suffix) s else s;
  splitString = sep: s: filter isString (split (escapeRegex (toString sep)) (toString s));
  commonPrefixLength = a: b:
    let n = lib.min (stringLength a) (stringLength b);
      go = i: if i < n && substring i 1 a == substring i 1 b then go (i + 1) else i;
    in go 0;
  commonSuffixLength = a: b:
    let n = lib.min (stringLength a) (stringLength b);
      go = i: if i < n && substring (stringLength a - i - 1) 1 a == substring (stringLength b - i - 1) 1 b then go (i + 1) else i;
    in go 0;
  levenshtein = a: b:
    let
      m = stringLength a; n = stringLength b;
      row = lib.range 0 n;
      next = i: prev:
        builtins.foldl'
          (acc: j:
            let cost = if substring (i - 1) 1 a == substring (j - 1) 1 b then 0 else 1;
              cell = lib.min (lib.min (elemAt prev j + 1) (lib.last acc + 1)) (elemAt prev (j - 1) + cost);
            in acc ++ [ cell ]) [ i ]
          (lib.range 1 n);
    in
    lib.last (builtins.foldl' (prev: i: next i prev) row (lib.range 1 m));
  levenshteinAtMost = k: a: b: levenshtein a b <= k;

  charToInt = c: lib.lists.findFirstIndex (x: x == c) (throw "charToInt: only printable ASCII is known here, not '${c}'") printable + 32;

  escape = list: replaceStrings list (map (c: "\\${c}") list);
  escapeC = list: replaceStrings list (map (c: "\\x${fixedWidthString 2 "0" (toLower (lib.toHexString (charToInt c)))}") list);
  escapeURL = s:
    let plain = stringToCharacters (lower + upper + "0123456789-_.~");
    in stringAsChars (c: if elem c plain || !elem c printable then c else "%" + fixedWidthString 2 "0" (lib.toHexString (charToInt c))) s;
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
  escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
  escapeShellArg = arg:
    let s = toString arg;
    in if match "[[:alnum:],._+:@%/-]+" s == null then "'${replaceStrings [ "'" ] [ "'\\''" ] s}'" else s;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  toShellVar = name: value:
    lib.throwIfNot (isValidPosixName name) "toShellVar: ${name} is not a valid shell variable name" (
      if builtins.isAttrs value && !isStringLike value then
        "declare -A ${name}=(${concatStringsSep " " (lib.mapAttrsToList (n: v: "[${escapeShellArg n}]=${escapeShellArg v}") value)})"
      else if isList value then "declare -a ${name}=(${escapeShellArgs value})"
      else "${name}=${escapeShellArg value}"
    );
  toShellVars = vars: concatStringsSep "\n" (lib.mapAttrsToList toShellVar vars);
  escapeNixString = s: escape [ "$" ] (builtins.toJSON s);
  escapeNixIdentifier = s: if match "[a-zA-Z_][a-zA-Z0-9_'-]*" s != null && !elem s [ "assert" "else" "if" "in" "inherit" "let" "or" "rec" "then" "with" ] then s else escapeNixString s;
  replaceChars = replaceStrings;
  addContextFrom = from: to: substring 0 0 from + to;

  optionalString = condition: s: if condition then s else "";

  makeSearchPath = sub: paths: concatStringsSep ":" (map (p: p + "/" + sub) (filter (p: p != null) paths));
  makeSearchPathOutput = output: sub: pkgs: makeSearchPath sub (map (lib.getOutput output) pkgs);
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
  makeBinPath = makeSearchPathOutput "bin" "bin";
  normalizePath = s: let chars = stringToCharacters s; in concatStrings (lib.imap0 (i: c: if c == "/" && i > 0 && elemAt chars (i - 1) == "/" then "" else c) chars);

  versionOlder = a: b: builtins.compareVersions b a == 1;
  versionAtLeast = a: b: !versionOlder a b;
  getName = x: if isString x then (parseDrvName x).name else x.pname or (parseDrvName x.name).name;
  getVersion = x: if isString x then (parseDrvName x).version else x.version or (parseDrvName x.name).version;
  nameFromURL = url: sep: head (splitString sep (lib.last (splitString "/" url)));

  cmakeOptionType = type: feature: value: "-D${feature}:${toUpper type}=${value}";
  cmakeBool = feature: condition: cmakeOptionType "bool" feature (if condition then "TRUE" else "FALSE");
  cmakeFeature = cmakeOptionType "string";
  mesonOption = feature: value: "-D${feature}=${value}";
  mesonBool = feature: condition: mesonOption feature (lib.boolToString condition);
  mesonEnable = feature: condition: mesonOption feature (if condition then "enabled" else "disabled");
  enableFeature = on: feature: "--${if on then "enable" else "disable"}-${feature}";
  enableFeatureAs = on: feature: value: enableFeature on feature + optionalString on "=${value}";
  withFeature = on: feature: "--${if on then "with" else "without"}-${feature}";
  withFeatureAs = on: feature: value: withFeature on feature + optionalString on "=${value}";

  fixedWidthString = width: fill: s:
    let missing = width - stringLength s;
    in assert lib.assertMsg (missing >= 0) "fixedWidthString: requested string length (${toString width}) must not be shorter than actual length (${toString (stringLength s)})"; if missing > 0 then concatStrings (genList (_: fill) missing) + s else s;
  fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
  floatToString = builtins.toJSON;

  isCoercibleToString = x: elem (builtins.typeOf x) [ "path" "string" "null" "int" "float" "bool" ] || isList x && builtins.all isCoercibleToString x || x ? outPath || x ? __toString;
  isConvertibleWithToString = isCoercibleToString;
  isStringLike = x: isString x || builtins.isPath x || x ? outPath || x ? __toString;
  isStorePath = x: isStringLike x && (let s = toString x; in substring 0 1 s == "/" && dirOf s == builtins.storeDir);

  toInt = s:
    let digits = match "[[:space:]]*(-?[[:digit:]]+)[[:space:]]*" s;
      zero = match "[[:space:]]*-?0[[:digit:]]+[[:space:]]*" s;
    in if digits == null then throw "toInt: Could not convert ${escapeNixString s} to int."
    else if zero != null then throw "toInt: Ambiguity in interpretation of ${escapeNixString s} between octal and zero padded integer."
    else builtins.fromJSON (head digits);
  toIntBase10 = s:
    let digits = match "[[:space:]]*0*(-?[[:digit:]]+)[[:space:]]*" s;
    in if digits == null then throw "toIntBase10: Could not convert ${escapeNixString s} to int." else builtins.fromJSON (head digits);

  fileContents = file: removeSuffix "\n" (builtins.readFile file);
  readPathsFromFile = root: file: map (line: root + "/${line}") (filter (line: line != "" && !hasPrefix "#" line) (splitString "\n" (fileContents file)));

  # What a store name may hold; other characters become "-".
  sanitizeDerivationName = s:
    let
      plain = unsafeDiscardStringContext (toString s);
      undotted = head (match "\\.*(.*)" plain);
      joined = concatStrings (map (x: if isList x then "-" else x) (split "[^[:alnum:]+._?=-]+" undotted));
      cut = substring (lib.max (stringLength joined - 207) 0) (-1) joined;
    in
    if stringLength plain <= 207 && match "[[:alnum:]+_?=-][[:alnum:]+._?=-]*" plain != null then plain
    else if cut == "" then "unknown" else cut;
}
