# Text of configuration files and of Nix values.
{ lib }:
let
  inherit (builtins) isAttrs isBool isFloat isFunction isInt isList isPath isString;
in
rec {
  toJSON = { }: builtins.toJSON;
  toYAML = toJSON;

  mkValueStringDefault = { }: v:
    if isInt v || isFloat v then lib.floatToString v
    else if lib.isDerivation v then toString v
    else if isString v then v
    else if v == true then "true"
    else if v == false then "false"
    else if v == null then "null"
    else throw "generators.mkValueStringDefault: this value is not supported: ${toPretty { } v}";

  mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: sep: k: v: "${lib.escape [ sep ] k}${sep}${mkValueString v}";

  toKeyValue = { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, indent ? "" }: set:
    let line = k: v: indent + mkKeyValue k v + "\n";
      lines = k: v: if listsAsDuplicateKeys then map (line k) (lib.toList v) else [ (line k v) ];
    in lib.concatStrings (lib.concatLists (lib.mapAttrsToList lines set));

  toINI = { mkSectionName ? (name: lib.escape [ "[" "]" ] name), mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: sections:
    lib.concatStringsSep "\n" (lib.mapAttrsToList (name: values: "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values) sections);
  toINIWithGlobalSection = { mkSectionName ? (name: lib.escape [ "[" "]" ] name), mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: { globalSection, sections ? { } }:
    (if globalSection == { } then "" else toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n")
    + toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } sections;

  toPretty = { allowPrettyValues ? false, multiline ? true, indent ? "" }: value:
    let
      go = indent: v:
        let
          open = if multiline then "\n${indent}  " else " ";
          close = if multiline then "\n${indent}" else " ";
        in
        if isInt v then toString v
        else if isFloat v then lib.floatToString v
        else if isString v then lib.strings.escapeNixString v
        else if isBool v then lib.boolToString v
        else if v == null then "null"
        else if isPath v then toString v
        else if isList v then if v == [ ] then "[ ]" else "[" + open + lib.concatMapStringsSep open (go (indent + "  ")) v + close + "]"
        else if isFunction v then "<function>"
        else if isAttrs v then
          if allowPrettyValues && v ? __pretty && v ? val then v.__pretty v.val
          else if v == { } then "{ }"
          else if lib.isDerivation v then "<derivation ${v.name or "???"}>"
          else "{" + open + lib.concatStringsSep open (lib.mapAttrsToList (name: inner: "${lib.strings.escapeNixIdentifier name} = ${builtins.addErrorContext "while evaluating an attribute `${name}`" (go (indent + "  ") inner)};") v) + close + "}"
        else abort "generators.toPretty: should never happen (v = ${builtins.typeOf v})";
    in
    go indent value;
}
