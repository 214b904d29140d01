# Command lines from attribute sets.
{ lib }:
rec {
  toGNUCommandLine =
    { mkOptionName ? (k: if builtins.stringLength k == 1 then "-${k}" else "--${k}")
    , mkBool ? (k: v: lib.optional v (mkOptionName k))
    , mkList ? (k: v: lib.concatMap (mkOption k) v)
    , mkOption ? (k: v: if v == null then [ ] else if optionValueSeparator == null then [ (mkOptionName k) (lib.generators.mkValueStringDefault { } v) ] else [ "${mkOptionName k}${optionValueSeparator}${lib.generators.mkValueStringDefault { } v}" ])
    , optionValueSeparator ? null
    }: options:
    lib.concatLists (lib.mapAttrsToList (k: v: if builtins.isBool v then mkBool k v else if builtins.isList v then mkList k v else mkOption k v) options);

  toGNUCommandLineShell = settings: options: lib.escapeShellArgs (toGNUCommandLine settings options);
}
