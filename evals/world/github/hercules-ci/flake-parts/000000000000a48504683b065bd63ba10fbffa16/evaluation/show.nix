# Values and option paths in messages.
{ lib }:
let
  quoted = name: if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null then name else builtins.toJSON name;

  # A value may be deep, or without an end.
  cut = depth: v:
    if lib.isDerivation v || !(builtins.isAttrs v || builtins.isList v) then v
    else if depth == 0 then { __pretty = lib.id; val = if builtins.isList v then "[ ... ]" else "{ ... }"; }
    else if builtins.isList v then map (cut (depth - 1)) v
    else lib.mapAttrs (_: cut (depth - 1)) v;

  definition = def:
    let
      text = builtins.tryEval (lib.generators.toPretty { allowPrettyValues = true; } (cut 3 def.value));
      lines = lib.splitString "\n" text.value;
      shown = lib.concatStringsSep "\n    " (lib.take 5 lines ++ lib.optional (builtins.length lines > 5) "...");
    in
    "\n- In `${def.file}'"
    + lib.optionalString text.success (if builtins.length lines > 1 then ":\n    ${shown}" else ": ${shown}");
in
{
  option = path: lib.concatMapStringsSep "." quoted path;
  definitions = lib.concatMapStrings definition;
}
