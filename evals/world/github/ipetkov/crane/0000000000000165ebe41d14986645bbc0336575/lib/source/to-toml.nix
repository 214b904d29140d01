# A value that was read from a manifest, as TOML again.
{ lib }:
let
  inherit (builtins) attrNames filter isAttrs isBool isFloat isInt isList isString toJSON;
  key = name: if builtins.match "[A-Za-z0-9_-]+" name != null then name else toJSON name;
  inline = value:
    if isString value then toJSON value
    else if isBool value then lib.boolToString value
    else if isInt value || isFloat value then toJSON value
    else if isList value then "[ ${lib.concatMapStringsSep ", " inline value} ]"
    else if isAttrs value then "{ ${lib.concatMapStringsSep ", " (n: "${key n} = ${inline value.${n}}") (attrNames value)} }"
    else throw "writeTOML: a manifest holds a value of type ${builtins.typeOf value}";
  table = path: set:
    let
      names = attrNames set;
      deeper = filter (n: isAttrs set.${n}) names;
    in
    lib.concatMapStrings (n: "${key n} = ${inline set.${n}}\n") (filter (n: !isAttrs set.${n}) names)
    + lib.concatMapStrings (n: let here = path ++ [ (key n) ]; in "\n[${lib.concatStringsSep "." here}]\n${table here set.${n}}") deeper;
in
table [ ]
