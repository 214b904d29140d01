# A Nix value as TOML text.
{ lib }:
let
  inherit (builtins) attrNames concatStringsSep filter isAttrs isBool isFloat isInt isList isString toJSON;
  key = name: if builtins.match "[A-Za-z0-9_-]+" name != null then name else toJSON name;
  scalar = value:
    if isString value then toJSON value
    else if isBool value then lib.boolToString value
    else if isInt value || isFloat value then toJSON value
    else if isList value then "[${concatStringsSep ", " (map scalar value)}]"
    else if isAttrs value && value ? outPath then toJSON "${value}"
    else if isAttrs value && value ? _type && value._type == "timestamp" then value.value
    else if isAttrs value then "{ ${concatStringsSep ", " (map (n: "${key n} = ${scalar value.${n}}") (attrNames value))} }"
    else throw "TOML cannot hold a value of type ${builtins.typeOf value}";
  isTable = value: isAttrs value && !(value ? outPath) && !(value ? _type && value._type == "timestamp");
  isTables = value: isList value && value != [ ] && builtins.all isTable value;

  table = path: set:
    let
      names = filter (n: set.${n} != null) (attrNames set);
      plain = filter (n: !isTable set.${n} && !isTables set.${n}) names;
      tables = filter (n: isTable set.${n}) names;
      arrays = filter (n: isTables set.${n}) names;
      name = n: concatStringsSep "." (map key (path ++ [ n ]));
    in
    lib.concatMapStrings (n: "${key n} = ${scalar set.${n}}\n") plain
    + lib.concatMapStrings (n: "\n[${name n}]\n" + table (path ++ [ n ]) set.${n}) tables
    + lib.concatMapStrings (n: lib.concatMapStrings (row: "\n[[${name n}]]\n" + table (path ++ [ n ]) row) set.${n}) arrays;
in
table [ ]
